//! stub
/// stub
pub struct ImageReference<'a>(&'a str);
impl<'a> ImageReference<'a> {
    /// stub
    pub fn parse(name: &'a str) -> Self {
        Self(name)
    }
    fn cut(&self) -> (&'a str, Option<&'a str>) {
        let name = self.0.split('@').next().unwrap_or_default();
        match name.rfind(':') {
            Some(at) if !name[at..].contains('/') => (&name[..at], Some(&name[at + 1..])),
            _ => (name, None),
        }
    }
    /// stub
    pub fn repository(&self) -> &'a str {
        self.cut().0
    }
    /// stub
    pub fn tag(&self) -> Option<&'a str> {
        self.cut().1
    }
}
