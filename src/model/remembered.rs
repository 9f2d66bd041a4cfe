//! What the layers above have worked out about a file: rules ask the same questions again and again. An answer also
//! knows the stages whose instructions were read for it, so that it holds as long as none of those is edited.

use std::any::Any;
use std::cell::RefCell;
use std::hash::Hash;
use std::rc::Rc;

use rustc_hash::FxHashMap;
use thin_vec::ThinVec;

use super::Facts;

/// The stages whose instructions were read, in order.
#[derive(Clone, Default)]
pub(super) struct Reads(ThinVec<usize>);

/// Stands for the numbers of lines, in place of a stage.
pub(super) const LINES: usize = usize::MAX - 1;

/// Stands for something that any edit may change, in place of a stage.
pub(super) const EVERYTHING: usize = usize::MAX;

/// Notes what is read, for each answer that is being worked out: some are in the middle of others.
#[derive(Default)]
pub(super) struct ReadLog {
    open: RefCell<Vec<Vec<usize>>>,
    /// Only where answers are to outlive an edit.
    pub(super) is_on: bool,
}

impl ReadLog {
    /// Notes that instructions of these stages are read.
    pub(super) fn read(&self, stages: &[usize]) {
        if !self.is_on {
            return;
        }
        let mut open = self.open.borrow_mut();
        let Some(reads) = open.last_mut() else { return };
        for &stage in stages {
            if let Err(place) = reads.binary_search(&stage) {
                reads.insert(place, stage);
            }
        }
    }

    /// What is worked out, with what is read for that.
    fn of<T>(&self, work_out: impl FnOnce() -> T) -> (T, Reads) {
        if !self.is_on {
            return (work_out(), Reads::default());
        }
        self.open.borrow_mut().push(Vec::new());
        let answer = work_out();
        let reads = self.open.borrow_mut().pop().unwrap_or_default();
        self.read(&reads);
        (answer, Reads(reads.into()))
    }
}

/// Answers by what they are about.
pub(super) struct Answers<K, V>(RefCell<FxHashMap<K, (V, Reads)>>);

impl<K, V> Default for Answers<K, V> {
    fn default() -> Self {
        Self(RefCell::default())
    }
}

impl<K: Eq + Hash, V: Clone> Answers<K, V> {
    /// The answer, which is worked out when it is first asked for.
    pub(super) fn get(&self, log: &ReadLog, question: K, work_out: impl FnOnce() -> V) -> V {
        if let Some((answer, reads)) = self.0.borrow().get(&question) {
            log.read(&reads.0);
            return answer.clone();
        }
        // Working it out may ask for more.
        let (answer, reads) = log.of(work_out);
        self.0.borrow_mut().insert(question, (answer.clone(), reads));
        answer
    }

    /// Drops the answers for which one of these was read.
    pub(super) fn forget(&mut self, changed: &[usize]) {
        let was_read = |Reads(reads): &Reads| changed.iter().any(|it| reads.binary_search(it).is_ok());
        self.0.get_mut().retain(|_, (_, reads)| !was_read(reads));
    }
}

/// Answers of all types, by their topic and the stage or other thing that they are about.
pub(super) type Remembered = Answers<(&'static str, usize), Rc<dyn Any>>;

impl Facts<'_> {
    /// Whether answers are kept from one edit of the file to the next.
    pub(crate) fn outlive_edits(&self) -> bool {
        self.model.reads.is_on
    }

    /// What is known of `subject` under this topic, which is worked out when it is first asked for.
    ///
    /// # Panics
    /// If the topic has answers of another type.
    pub(crate) fn remember<T: Any>(
        &self,
        topic: &'static str,
        subject: usize,
        work_out: impl FnOnce() -> T,
    ) -> Rc<T> {
        let answer = self.model.remembered.get(&self.model.reads, (topic, subject), || Rc::new(work_out()));
        answer.downcast().expect("a topic has answers of one type")
    }
}
