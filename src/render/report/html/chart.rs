//! Charts as inline SVG: bars with their label above and their value beside it, and a ring for a share.

use maud::{Markup, html};

use super::markup::count;

/// The width of a chart in its own units.
const WIDTH: usize = 360;
/// The height of one bar with its label.
const STEP: usize = 36;
/// The most bars of a chart; the rest are one bar.
const MOST: usize = 8;
/// The most letters of a label; the whole of it is in the bar's title.
const LABEL: usize = 42;

#[derive(Clone, Debug)]
pub struct Bar {
    pub label: String,
    /// How long it is.
    pub value: usize,
    /// How much of it counts; the rest is drawn paler.
    pub part: usize,
    /// Whether it stands for many things at once; then it is pale, and no measure for the others.
    is_rest: bool,
    /// The filter of the table that shows what it counts.
    leads_to: Option<String>,
    /// Says its value, where that is no count.
    words: Option<fn(usize) -> String>,
}

/// A filter as it stands in the page's address.
pub fn filter(name: &str, value: &str) -> String {
    url::form_urlencoded::Serializer::new(String::new()).append_pair(name, value).finish()
}

impl Bar {
    /// A bar that counts as a whole.
    pub fn whole(label: impl Into<String>, value: usize) -> Self {
        Self::partly(label, value, value)
    }

    /// A bar of which a part counts.
    pub fn partly(label: impl Into<String>, value: usize, part: usize) -> Self {
        Self { label: label.into(), value, part, is_rest: false, leads_to: None, words: None }
    }

    /// Says the value in words, where it is no count.
    #[must_use]
    pub fn shown_as(self, words: fn(usize) -> String) -> Self {
        Self { words: Some(words), ..self }
    }

    /// Lets the bar lead to the table, filtered by what it counts.
    #[must_use]
    pub fn leading_to(self, name: &str, value: &str) -> Self {
        Self { leads_to: Some(filter(name, value)), ..self }
    }
}

/// A chart of bars in a card of its own, described in words for those who do not see it.
pub fn bars(id: &str, heading: &str, bars: Vec<Bar>, legend: Option<[&str; 2]>) -> Markup {
    let bars = with_rest(bars);
    let most = bars.iter().filter(|bar| !bar.is_rest).map(|bar| bar.value).max().unwrap_or(0).max(1);
    let words: Vec<_> = bars.iter().map(|bar| describe(bar, legend)).collect();
    html! {
        figure.card {
            figcaption { h3 id={ (id) "-h" } { (heading) } }
            @if bars.is_empty() { p.none { "Nothing to show." } } @else {
                svg.chart viewBox={ "0 0 " (WIDTH) " " (bars.len() * STEP) } role="group" aria-labelledby={ (id) "-h " (id) "-d" } {
                    desc id={ (id) "-d" } { (words.join("; ")) }
                    @for (position, bar) in bars.iter().enumerate() { g { (draw(bar, position, most)) } }
                }
            }
            @if let Some([part, rest]) = legend { ul.legend { li { span {} (part) } li { span.of-rest {} (rest) } } }
        }
    }
}

fn with_rest(mut bars: Vec<Bar>) -> Vec<Bar> {
    if bars.len() > MOST {
        let rest = bars.split_off(MOST - 1);
        let words = rest.iter().find_map(|bar| bar.words);
        let (value, part) = rest.iter().fold((0, 0), |(value, part), bar| (value + bar.value, part + bar.part));
        bars.push(Bar {
            label: format!("{} others", count(rest.len())),
            value,
            part,
            is_rest: true,
            leads_to: None,
            words,
        });
    }
    bars
}

fn describe(bar: &Bar, legend: Option<[&str; 2]>) -> String {
    let rest = bar.value - bar.part;
    match legend {
        Some([part, _]) if rest > 0 => format!("{}: {}, of them {} {part}", bar.label, bar.value, bar.part),
        _ => format!("{}: {}", bar.label, bar.words.map_or_else(|| bar.value.to_string(), |words| words(bar.value))),
    }
}

fn draw(bar: &Bar, position: usize, most: usize) -> Markup {
    let (base, top) = (position * STEP + 13, position * STEP + 19);
    let length = |value: usize| if value == 0 { 0 } else { (value * WIDTH / most).clamp(3, WIDTH) };
    let value = match bar.words {
        Some(words) => words(bar.value),
        None if bar.part == bar.value => count(bar.value),
        None => format!("{} / {}", count(bar.part), count(bar.value)),
    };
    let drawn = html! {
        title { (bar.label) ": " (value) }
        text.c-label x="0" y=(base) { (shortened(&bar.label)) }
        text.c-value x=(WIDTH) y=(base) text-anchor="end" { (value) }
        rect.c-track x="0" y=(top) width=(WIDTH) height="9" rx="4.5" {}
        rect.c-rest x="0" y=(top) width=(length(bar.value)) height="9" rx="4.5" {}
        rect.c-bar x="0" y=(top) width=(if bar.is_rest { 0 } else { length(bar.part) }) height="9" rx="4.5" {}
    };
    // A link is hit wherever its line is, not on its letters alone.
    html! {
        @if let Some(filter) = &bar.leads_to {
            a href={ "#" (filter) } { rect.c-line x="0" y=(position * STEP) width=(WIDTH) height=(STEP) {} (drawn) }
        } @else { (drawn) }
    }
}

fn shortened(label: &str) -> String {
    if label.chars().count() <= LABEL {
        return label.to_owned();
    }
    label.chars().take(LABEL - 1).chain(['…']).collect()
}

/// The circumference of the ring, whose radius is 18.
const ROUND: f64 = 2.0 * std::f64::consts::PI * 18.0;

/// A ring of which a part is filled; it repeats what stands beside it, so it is hidden from screen readers.
pub fn ring(part: usize, whole: usize) -> Markup {
    #[allow(clippy::cast_precision_loss)] // a drawing is no more exact than its pixels
    let filled = if whole == 0 { 0.0 } else { ROUND * part as f64 / whole as f64 };
    html! {
        svg viewBox="0 0 44 44" aria-hidden="true" {
            circle.c-ring cx="22" cy="22" r="18" {}
            @if part > 0 {
                circle.c-arc cx="22" cy="22" r="18" transform="rotate(-90 22 22)" stroke-dasharray=(format!("{filled:.2} {ROUND:.2}")) {}
            }
        }
    }
}

const COLUMN_HEIGHT: usize = 90;

/// Columns over time, one for each label; the first and the last label and the highest column are named below.
pub fn columns(id: &str, heading: &str, noun: &str, values: &[(String, usize)]) -> Markup {
    let most = values.iter().map(|(_, value)| *value).max().unwrap_or(0);
    let width = 1200 / values.len().max(1);
    let height = |value: usize| if value == 0 { 0 } else { (value * COLUMN_HEIGHT / most).max(3) };
    let total = count(values.iter().map(|(_, value)| value).sum());
    let (first, last) = (values.first().map_or("", |value| &value.0), values.last().map_or("", |value| &value.0));
    let most = count(most);
    // The drawing is stretched to the page's width, so no text may stand in it.
    html! {
        figure {
            figcaption { h3 id={ (id) "-h" } { (heading) } }
            svg.days viewBox={ "0 0 1200 " (COLUMN_HEIGHT) } preserveAspectRatio="none" role="img" aria-labelledby={ (id) "-h " (id) "-d" } {
                desc id={ (id) "-d" } { (total) " " (noun) " from " (first) " to " (last) ", at most " (most) " in one" }
                @for (position, (label, value)) in values.iter().enumerate() {
                    rect.c-bar x=(position * width + 3) y=(COLUMN_HEIGHT - height(*value)) width=(width.saturating_sub(6).max(2)) height=(height(*value)) {
                        title { (label) ": " (value) }
                    }
                }
            }
            div.ends aria-hidden="true" {
                span { (first) } span { (total) " in all, at most " (most) " in one day" } span { (last) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_bars_than_fit_become_one_and_none_is_lost() {
        let many: Vec<_> = (0..25).map(|position| Bar::whole(format!("a{position}"), 2)).collect();
        let fewer = with_rest(many);
        assert_eq!(fewer.len(), MOST);
        assert_eq!(fewer.iter().map(|bar| bar.value).sum::<usize>(), 50);
        assert_eq!(fewer[MOST - 1].label, "18 others");
        let dear = with_rest((0..20).map(|_| Bar::whole("x", 2).shown_as(|value| format!("{value} USD"))).collect());
        let rest = describe(&dear[MOST - 1], None);
        assert!(rest.ends_with(&format!("others: {} USD", 2 * (21 - MOST))), "{rest}");
    }

    #[test]
    fn hostile_labels_stay_text() {
        let chart = bars("x", "<h>", vec![Bar::whole("</svg><script>alert(1)</script>", 1)], None).into_string();
        assert!(!chart.contains("<script>"), "{chart}");
        assert_eq!(chart.matches("</svg>").count(), 1, "only the chart's own end: {chart}");
    }
}
