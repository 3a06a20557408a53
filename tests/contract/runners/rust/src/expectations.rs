//! Expectations of values: what meets them, and what they capture.

use std::cmp::Ordering;

use serde_json::{Map, Value};

const LONGEST: usize = 1000;

/// Names and values that an expectation captured.
pub type Captures = Vec<(String, String)>;

/// Compares a value, or that there is none, with what is expected of it at a path.
///
/// Returns what is captured by that, or what is wrong.
pub fn check(expected: &Value, actual: Option<&Value>, path: &str) -> Result<Captures, String> {
    match expected {
        Value::Object(fields) if fields.keys().any(|key| key.starts_with('$')) => operators(fields, actual, path),
        _ if actual.is_none() && is_default(expected) => Ok(Captures::new()),
        Value::Object(fields) => {
            let Some(Value::Object(values)) = actual else { return Err(differs(expected, actual, path)) };
            let mut captures = Captures::new();
            for (name, expected) in fields {
                captures.extend(check(expected, values.get(name), &format!("{path}.{name}"))?);
            }
            Ok(captures)
        }
        Value::Array(elements) => {
            let values = elements_of(actual).ok_or_else(|| differs(expected, actual, path))?;
            if values.len() != elements.len() {
                let numbers = format!("{} values where {} are expected", values.len(), elements.len());
                return Err(format!("{}: {numbers}", differs(expected, actual, path)));
            }
            let mut captures = Captures::new();
            for (index, (expected, value)) in elements.iter().zip(values).enumerate() {
                captures.extend(check(expected, Some(value), &format!("{path}[{index}]"))?);
            }
            Ok(captures)
        }
        _ if actual.is_some_and(|value| equal(expected, value)) => Ok(Captures::new()),
        _ => Err(differs(expected, actual, path)),
    }
}

/// Returns a value as JSON, cut off where it is long.
pub fn shown(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text,
    }
}

fn operators(fields: &Map<String, Value>, actual: Option<&Value>, path: &str) -> Result<Captures, String> {
    let mut captures = Captures::new();
    for (operator, operand) in fields {
        let met = match operator.as_str() {
            "$any" => actual.is_some(),
            "$as" => {
                let name = operand.as_str().ok_or_else(|| format!("not a name: {operand}"))?;
                captures.extend(actual.map(|value| (name.to_owned(), text(value))));
                actual.is_some()
            }
            "$is" => {
                captures.extend(check(operand, actual, path)?);
                true
            }
            "$not" => check(operand, actual, path).is_err(),
            "$at_least" => order(actual.unwrap_or(&0.into()), operand).is_some_and(Ordering::is_ge),
            "$at_most" => order(actual.unwrap_or(&0.into()), operand).is_some_and(Ordering::is_le),
            "$count" => elements_of(actual).is_some_and(|values| equal(operand, &values.len().into())),
            "$unordered" => {
                let expected = list(operand)?;
                let values = elements_of(actual).filter(|values| values.len() == expected.len());
                let found = values.and_then(|values| in_some_order(expected, values, path));
                keep(found, &mut captures)
            }
            "$contains" => {
                let expected = list(operand)?;
                let found = elements_of(actual).and_then(|values| in_this_order(expected, values, path));
                keep(found, &mut captures)
            }
            _ => return Err(format!("{path}: no such expectation: {operator}")),
        };
        if !met {
            return Err(differs(&Value::Object(fields.clone()), actual, path));
        }
    }
    Ok(captures)
}

fn keep(found: Option<Captures>, captures: &mut Captures) -> bool {
    let met = found.is_some();
    captures.extend(found.into_iter().flatten());
    met
}

/// Returns what is captured if the values meet the expectations, each another one.
fn in_some_order(expected: &[Value], values: &[Value], path: &str) -> Option<Captures> {
    fn assign(expected: &[Value], left: &[&Value], path: &str) -> Option<Captures> {
        let Some((first, others)) = expected.split_first() else { return Some(Captures::new()) };
        (0..left.len()).find_map(|index| {
            let mut captures = check(first, Some(left[index]), path).ok()?;
            let mut left = left.to_vec();
            left.remove(index);
            captures.extend(assign(others, &left, path)?);
            Some(captures)
        })
    }
    assign(expected, &values.iter().collect::<Vec<_>>(), path)
}

/// Returns what is captured if values that meet the expectations follow one another, perhaps with others between them.
fn in_this_order(expected: &[Value], values: &[Value], path: &str) -> Option<Captures> {
    let (mut captures, mut values) = (Captures::new(), values.iter());
    for expected in expected {
        captures.extend(values.find_map(|value| check(expected, Some(value), path).ok())?);
    }
    Some(captures)
}

fn list(value: &Value) -> Result<&[Value], String> {
    value.as_array().map(Vec::as_slice).ok_or_else(|| format!("not a list: {value}"))
}

/// Returns the elements of a list, which has none where it is left out.
fn elements_of(actual: Option<&Value>) -> Option<&[Value]> {
    match actual {
        None => Some(&[]),
        Some(value) => value.as_array().map(Vec::as_slice),
    }
}

fn is_default(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Bool(value) => !value,
        Value::Number(value) => value.as_f64() == Some(0.0),
        Value::String(value) => value.is_empty(),
        Value::Array(value) => value.is_empty(),
        Value::Object(value) => value.is_empty(),
    }
}

fn equal(expected: &Value, actual: &Value) -> bool {
    expected == actual || (expected.is_number() || actual.is_number()) && order(expected, actual).is_some_and(Ordering::is_eq)
}

/// Returns the order of two numbers or texts of numbers.
fn order(left: &Value, right: &Value) -> Option<Ordering> {
    let integers = (text(left).parse::<i128>(), text(right).parse::<i128>());
    if let (Ok(left), Ok(right)) = integers {
        return Some(left.cmp(&right));
    }
    text(left).parse::<f64>().ok()?.partial_cmp(&text(right).parse().ok()?)
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn differs(expected: &Value, actual: Option<&Value>, path: &str) -> String {
    format!("{path}: expected {}, came {}", shown(expected), actual.map_or_else(|| "nothing".into(), shown))
}
