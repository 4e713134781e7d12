/// Turns requests into answers: routes and who may take them, forms, pages, error pages, tokens.
///
/// A handler is a plain function from a `Request` and whoever its route admits to an `Answer`.
/// Drawing the page, the frame round it and the headers happens here, in one place.
///
/// This module never knows who people are (`Identity` does, through `Site.Hooks`) and never sends
/// a page that shows someone's record before the trace of it is on disk.
package enum Web {}
