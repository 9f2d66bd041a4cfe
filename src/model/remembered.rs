//! What the layers above have worked out about a file: rules ask the same questions again and again.

use std::any::{Any, TypeId};
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use super::Facts;

/// The answers so far, by their type and what they are about.
#[derive(Default)]
pub(super) struct Remembered(RefCell<HashMap<(TypeId, usize), Rc<dyn Any>>>);

impl Facts<'_> {
    /// The answer of this type about `subject`, which is worked out when it is first asked for.
    pub(crate) fn remember<T: Any>(&self, subject: usize, work_out: impl FnOnce() -> T) -> Rc<T> {
        let key = (TypeId::of::<T>(), subject);
        let known = self.remembered.0.borrow().get(&key).cloned();
        if let Some(known) = known.and_then(|known| known.downcast().ok()) {
            return known;
        }
        // Working it out may ask for more.
        let answer = Rc::new(work_out());
        self.remembered.0.borrow_mut().insert(key, answer.clone());
        answer
    }
}
