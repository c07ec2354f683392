//! Drawing a diagnostic: the line that is meant, what is wrong with it, and what to do.

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet, renderer::DecorStyle};
use whimbrel::diagnostic::{Diagnostic, Severity, Span};

/// The diagnostic as text with colours; the stream that it is written to takes them out where
/// they aren't wanted.
pub(crate) fn diagnostic(it: &Diagnostic) -> String {
    let level = match it.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let mut group = level.primary_title(it.message.as_str()).elements(snippets(it));
    for note in &it.notes {
        group = group.element(Level::NOTE.message(note.as_str()));
    }
    if let Some(help) = &it.help {
        group = group.element(Level::HELP.message(help.as_str()));
    }
    let report: [Group<'_>; 1] = [group];
    Renderer::styled().decor_style(DecorStyle::Unicode).render(&report)
}

/// One snippet for each file, the one to blame first.
fn snippets(it: &Diagnostic) -> Vec<Snippet<'_, annotate_snippets::Annotation<'_>>> {
    let Some(main) = &it.span else { return Vec::new() };
    let primary = (main, it.label.as_str(), AnnotationKind::Primary);
    let related =
        it.related.iter().map(|(span, label)| (span, label.as_str(), AnnotationKind::Context));
    let mut snippets: Vec<(&Span, Vec<_>)> = Vec::new();
    for (span, label, kind) in std::iter::once(primary).chain(related) {
        let annotation = kind.span(within(span)).label((!label.is_empty()).then_some(label));
        match snippets.iter_mut().find(|(other, _)| other.file == span.file) {
            Some((_, annotations)) => annotations.push(annotation),
            None => snippets.push((span, vec![annotation])),
        }
    }
    snippets
        .into_iter()
        .map(|(span, annotations)| {
            Snippet::source(span.file.text.as_str())
                .path(span.file.name.as_str())
                .annotations(annotations)
        })
        .collect()
}

/// The span's bytes, moved to where the text can be cut.
fn within(span: &Span) -> std::ops::Range<usize> {
    let text = &span.file.text;
    let at = |mut offset: usize| {
        offset = offset.min(text.len());
        while !text.is_char_boundary(offset) {
            offset -= 1;
        }
        offset
    };
    let start = at(span.range.start);
    start..at(span.range.end).max(start)
}
