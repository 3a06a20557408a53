//! Streams that stay open between steps, read answer by answer or item by item.

use std::collections::VecDeque;
use std::rc::Rc;

use backscroll_client::tonic::Status;
use futures_util::StreamExt;
use serde_json::Value;

use crate::calls::{Answers, Part};
use crate::expectations::{check, shown};
use crate::files::Shape;

/// The result of a reading up to a marker.
#[derive(Default)]
pub struct Received {
    pub changes: Vec<Value>,
    pub states: Vec<Value>,
    pub marker: Value,
    pub answer: Value,
}

/// A stream with what arrived and was not looked at yet.
pub struct OpenStream {
    answers: Answers,
    shape: Option<Shape>,
    changes: VecDeque<(Value, Rc<Value>)>,
    states: Vec<Value>,
    read: Vec<Value>,
}

impl OpenStream {
    /// Returns a stream that has delivered nothing; without a shape it has no items.
    pub fn new(answers: Answers, shape: Option<Shape>) -> Self {
        Self { answers, shape, changes: VecDeque::new(), states: Vec::new(), read: Vec::new() }
    }

    /// Waits for the next answer, keeps its items for later, and returns it; none at the end.
    pub async fn next(&mut self) -> Result<Option<Rc<Value>>, Status> {
        while let Some(part) = self.answers.next().await {
            if let Part::Message(answer) = part? {
                let answer = Rc::new(answer);
                self.keep_items(&answer);
                return Ok(Some(answer));
            }
        }
        Ok(None)
    }

    fn keep_items(&mut self, answer: &Rc<Value>) {
        let Some(shape) = &self.shape else { return };
        for item in answer.get(&shape.items).and_then(Value::as_array).into_iter().flatten() {
            if shape.changes.iter().any(|kind| item.get(kind).is_some()) {
                self.changes.push_back((item.clone(), answer.clone()));
            } else {
                self.states.extend(shape.states.iter().find_map(|kind| item.get(kind)).cloned());
            }
        }
    }

    /// Reads until a change meets the expectation of the marker.
    pub async fn receive(&mut self, until: &Value) -> Result<Received, String> {
        if self.shape.is_none() {
            return Err("the suite says nothing of the items of this stream".into());
        }
        loop {
            while let Some((change, answer)) = self.changes.pop_front() {
                if check(until, Some(&change), "until").is_ok() {
                    return Ok(Received {
                        changes: std::mem::take(&mut self.read),
                        states: std::mem::take(&mut self.states),
                        marker: change,
                        answer: (*answer).clone(),
                    });
                }
                self.read.push(change);
            }
            let failed = match self.next().await {
                Ok(Some(_)) => continue,
                Ok(None) => "the stream ended".to_owned(),
                Err(status) => format!("the stream ended with {:?}: {}", status.code(), status.message()),
            };
            return Err(format!("{failed}; {}", self.missing(until)));
        }
    }

    /// Returns what was read in place of a marker.
    pub fn missing(&self, until: &Value) -> String {
        format!("no change met {}; came {}", shown(until), shown(&Value::Array(self.read.clone())))
    }

    /// Waits until the stream ends, whatever it sends before.
    pub async fn end(&mut self) -> Result<(), Status> {
        while self.next().await?.is_some() {}
        Ok(())
    }
}
