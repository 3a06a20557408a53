//! The names of a scenario, and the placeholders that stand for them in requests and expectations.

use std::collections::HashMap;
use std::time::{Duration, SystemTime};

use serde_json::{Map, Value};

/// Values by name: ids of users, further ids, captured values.
#[derive(Default)]
pub struct Names(HashMap<String, String>);

impl Names {
    /// Adds a value; fails if its name is taken.
    pub fn add(&mut self, name: String, value: String) -> Result<(), String> {
        match self.0.insert(name.clone(), value) {
            None => Ok(()),
            Some(_) => Err(format!("{name} has a value already")),
        }
    }

    /// Returns a value with everything put in that its placeholders stand for.
    pub fn expand(&self, value: &Value) -> Result<Value, String> {
        Expansion { names: self, copies: false, index: None }.of(value)
    }

    /// Returns a request, or a list of requests, likewise, with the copies that its lists ask for.
    pub fn expand_request(&self, value: &Value) -> Result<Value, String> {
        Expansion { names: self, copies: true, index: None }.of(value)
    }
}

/// The way in which a value is expanded: with which names, with copies or not, and in which copy it stands.
struct Expansion<'a> {
    names: &'a Names,
    copies: bool,
    index: Option<u64>,
}

impl Expansion<'_> {
    fn of(&self, value: &Value) -> Result<Value, String> {
        Ok(match value {
            Value::String(text) => Value::String(self.text(text)?),
            Value::Array(values) => Value::Array(self.list(values)?),
            Value::Object(fields) => {
                let mut expanded = Map::new();
                for (key, value) in fields {
                    expanded.insert(self.text(key)?, self.of(value)?);
                }
                Value::Object(expanded)
            }
            other => other.clone(),
        })
    }

    fn list(&self, values: &[Value]) -> Result<Vec<Value>, String> {
        let mut expanded = Vec::with_capacity(values.len());
        for value in values {
            match value.get("$times").filter(|_| self.copies) {
                Some(times) => {
                    let times = times.as_u64().ok_or_else(|| format!("not a number of copies: {times}"))?;
                    for copy in 0..times {
                        expanded.push(Expansion { index: Some(copy), ..*self }.of(&value["of"])?);
                    }
                }
                None => expanded.push(self.of(value)?),
            }
        }
        Ok(expanded)
    }

    fn text(&self, text: &str) -> Result<String, String> {
        let (mut expanded, mut rest) = (String::new(), text);
        while let Some((before, after)) = rest.split_once("${") {
            let (name, after) = after.split_once('}').ok_or_else(|| format!("a placeholder without an end: {text}"))?;
            expanded += before;
            expanded += &self.value_of(name).ok_or_else(|| format!("nothing is known of ${{{name}}}"))?;
            rest = after;
        }
        Ok(expanded + rest)
    }

    fn value_of(&self, name: &str) -> Option<String> {
        if let Some(value) = self.names.0.get(name) {
            return Some(value.clone());
        }
        if let Some(repeated) = name.strip_prefix("repeat:") {
            let (text, times) = repeated.rsplit_once(':')?;
            return Some(text.repeat(times.parse().ok()?));
        }
        if let Some(offset) = name.strip_prefix("now") {
            return time(offset);
        }
        (name == "index").then_some(self.index)?.map(|index| index.to_string())
    }
}

/// Returns the time some seconds from now, for an offset such as `+60s`, or now for an empty one.
fn time(offset: &str) -> Option<String> {
    let now = SystemTime::now();
    let moved = match offset.split_at_checked(1) {
        None => now,
        Some((sign, length)) => {
            let length = Duration::from_secs(length.strip_suffix('s')?.parse().ok()?);
            match sign {
                "+" => now + length,
                "-" => now - length,
                _ => return None,
            }
        }
    };
    Some(humantime::format_rfc3339_millis(moved).to_string())
}
