//! What `cp`, `mv`, `ln` and `install` leave at a path.

use std::rc::Rc;

use super::super::interpreter::resolve_path;
use super::super::{Facts, Invocation, InvocationId, WORLDS};
use super::paths::touches;
use super::{Contents, Moment};

impl Facts<'_> {
    /// Adds what a copying command puts at `path`. Whether it wrote the whole of it.
    pub(super) fn written_by_cp(
        &self,
        invocation: &Invocation,
        id: InvocationId,
        path: &str,
        depth: usize,
        found: &mut Contents,
    ) -> bool {
        let directory = invocation.directory.as_deref();
        let operands = invocation.operands();
        let by_option = invocation.option(&["-t", "--target-directory"]).map(|option| option.value());
        let (last, sources) = match (operands.split_last(), &by_option) {
            (_, Some(folder)) => (folder, &operands[..]),
            (Some((last, sources)), None) => (&last.value, sources),
            (None, None) => return false,
        };
        let to = last.constant().and_then(|path| resolve_path(directory, path));
        if to.as_deref().is_some_and(|to| !touches(to, path)) {
            return false;
        }
        let before = Moment { instruction: self.run(id).instruction, invocation: Some(id.invocation) };
        let made = || self.makes_folder(id, to.as_deref());
        let into_folder = sources.len() > 1
            || by_option.is_some()
            || last.constant().is_some_and(|to| to.ends_with(['/', '.']))
            || made();
        for source in sources {
            // `mv a b/` makes b/a, and leaves the rest of b alone.
            let name = source.value.constant().map(|source| source.rsplit('/').next().unwrap_or(source));
            let name =
                name.filter(|name| into_folder && !matches!(*name, "" | "." | "..") && !name.contains('*'));
            if let (Some(to), Some(name)) = (&to, name)
                && !touches(&format!("{}/{name}", to.trim_end_matches('/')), path)
            {
                continue;
            }
            // Another file in each build: any of them.
            let mut paths: Vec<Option<Rc<str>>> =
                (0..WORLDS).map(|world| resolve_path(directory, source.value.world(world).text()?)).collect();
            paths.dedup();
            for path in paths {
                match path {
                    Some(path) => found.join(&self.contents_at(id.stage, &path, before, depth + 1)),
                    None => found.unknown = found.unknown.or(Some(invocation.range)),
                }
            }
        }
        to.as_deref() == Some(path)
            && sources.len() == 1
            && by_option.is_none()
            && !last.constant().is_some_and(|to| to.ends_with('/'))
    }

    /// Whether a command in front of this one, in the same RUN, makes that folder.
    fn makes_folder(&self, id: InvocationId, folder: Option<&str>) -> bool {
        let run = self.run(id);
        run.invocations[..id.invocation].iter().any(|other| {
            other.program() == Some("mkdir") && folder.is_some_and(|folder| Self::names(other, folder))
        })
    }
}
