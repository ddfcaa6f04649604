//! Charts as inline SVG: bars with their label above and their value beside it, and a ring for a share.

use super::markup::{count, text};

/// The width of a chart in its own units.
const WIDTH: usize = 360;
/// The height of one bar with its label.
const STEP: usize = 36;
/// The most bars of a chart; the rest are one bar.
const MOST: usize = 8;
/// The most letters of a label; the whole of it is in the bar's title.
const LABEL: usize = 42;

/// One bar.
#[derive(Clone, Debug)]
pub struct Bar {
    /// What it stands for.
    pub label: String,
    /// How long it is.
    pub value: usize,
    /// How much of it counts; the rest is drawn paler.
    pub part: usize,
    /// Whether it stands for many things at once; then it is pale, and no measure for the others.
    is_rest: bool,
    /// The filter of the table that shows what it counts.
    leads_to: Option<String>,
    /// Its value in words, where that is no count.
    words: Option<String>,
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
    pub fn shown_as(self, words: String) -> Self {
        Self { words: Some(words), ..self }
    }

    /// Lets the bar lead to the table, filtered by what it counts.
    #[must_use]
    pub fn leading_to(self, name: &str, value: &str) -> Self {
        Self { leads_to: Some(filter(name, value)), ..self }
    }
}

/// A chart of bars in a card of its own, described in words for those who do not see it.
pub fn bars(id: &str, heading: &str, bars: Vec<Bar>, legend: Option<[&str; 2]>) -> String {
    let bars = with_rest(bars);
    let most = bars.iter().filter(|bar| !bar.is_rest).map(|bar| bar.value).max().unwrap_or(0).max(1);
    let drawn: String = bars.iter().enumerate().map(|(position, bar)| draw(bar, position, most)).collect();
    let words: Vec<_> = bars.iter().map(|bar| describe(bar, legend)).collect();
    let body = if bars.is_empty() {
        "<p class=\"none\">Nothing to show.</p>".to_owned()
    } else {
        format!(
            "<svg class=\"chart\" viewBox=\"0 0 {WIDTH} {}\" role=\"group\" aria-labelledby=\"{id}-h {id}-d\">\
             <desc id=\"{id}-d\">{}</desc>{drawn}</svg>",
            bars.len() * STEP,
            text(&words.join("; "))
        )
    };
    let legend = legend.map(|[part, rest]| {
        format!(
            "<ul class=\"legend\"><li><span></span>{}</li><li><span class=\"of-rest\"></span>{}</li></ul>",
            text(part),
            text(rest)
        )
    });
    format!(
        "<figure class=\"card\"><figcaption><h3 id=\"{id}-h\">{}</h3></figcaption>{body}{}</figure>",
        text(heading),
        legend.unwrap_or_default()
    )
}

fn with_rest(mut bars: Vec<Bar>) -> Vec<Bar> {
    if bars.len() > MOST {
        let rest = bars.split_off(MOST - 1);
        // What the others are together nobody has put into words.
        let words = rest.iter().any(|bar| bar.words.is_some()).then(|| "…".to_owned());
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
        _ => format!("{}: {}", bar.label, bar.words.clone().unwrap_or_else(|| bar.value.to_string())),
    }
}

fn draw(bar: &Bar, position: usize, most: usize) -> String {
    let top = position * STEP;
    let length = |value: usize| if value == 0 { 0 } else { (value * WIDTH / most).clamp(3, WIDTH) };
    let (whole, part) = (length(bar.value), if bar.is_rest { 0 } else { length(bar.part) });
    let value = if let Some(words) = &bar.words {
        text(words)
    } else if bar.part == bar.value {
        count(bar.value)
    } else {
        format!("{} / {}", count(bar.part), count(bar.value))
    };
    let (begin, end) = match &bar.leads_to {
        Some(filter) => (format!("<a href=\"#{}\">", text(filter)), "</a>"),
        None => (String::new(), ""),
    };
    format!(
        "<g>{begin}<title>{title}</title><text class=\"c-label\" x=\"0\" y=\"{base}\">{label}</text>\
         <text class=\"c-value\" x=\"{WIDTH}\" y=\"{base}\" text-anchor=\"end\">{value}</text>\
         <rect class=\"c-track\" x=\"0\" y=\"{bar}\" width=\"{WIDTH}\" height=\"9\" rx=\"4.5\"/>\
         <rect class=\"c-rest\" x=\"0\" y=\"{bar}\" width=\"{whole}\" height=\"9\" rx=\"4.5\"/>\
         <rect class=\"c-bar\" x=\"0\" y=\"{bar}\" width=\"{part}\" height=\"9\" rx=\"4.5\"/>{end}</g>",
        title = text(&format!("{}: {value}", bar.label)),
        label = text(&shortened(&bar.label)),
        base = top + 13,
        bar = top + 19,
    )
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
pub fn ring(part: usize, whole: usize) -> String {
    #[allow(clippy::cast_precision_loss)] // a drawing is no more exact than its pixels
    let filled = if whole == 0 { 0.0 } else { ROUND * part as f64 / whole as f64 };
    let arc = if part == 0 {
        String::new()
    } else {
        format!(
            "<circle class=\"c-arc\" cx=\"22\" cy=\"22\" r=\"18\" transform=\"rotate(-90 22 22)\" \
             stroke-dasharray=\"{filled:.2} {ROUND:.2}\"/>"
        )
    };
    format!(
        "<svg viewBox=\"0 0 44 44\" aria-hidden=\"true\"><circle class=\"c-ring\" cx=\"22\" cy=\"22\" r=\"18\"/>{arc}</svg>"
    )
}

/// The height of the columns.
const COLUMN_HEIGHT: usize = 90;

/// Columns over time, one for each label; the first and the last label and the highest column are named below.
pub fn columns(id: &str, heading: &str, noun: &str, values: &[(String, usize)]) -> String {
    let most = values.iter().map(|(_, value)| *value).max().unwrap_or(0);
    let width = 1200 / values.len().max(1);
    let column = |(position, (label, value)): (usize, &(String, usize))| {
        let height = if *value == 0 { 0 } else { (value * COLUMN_HEIGHT / most).max(3) };
        format!(
            "<rect class=\"c-bar\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{height}\"><title>{}: {value}</title></rect>",
            position * width + 3,
            COLUMN_HEIGHT - height,
            width.saturating_sub(6).max(2),
            text(label),
        )
    };
    let drawn: String = values.iter().enumerate().map(column).collect();
    let total: usize = values.iter().map(|(_, value)| value).sum();
    let (first, last) = (values.first().map_or("", |value| &value.0), values.last().map_or("", |value| &value.0));
    // The drawing is stretched to the page's width, so no text may stand in it.
    format!(
        "<figure><figcaption><h3 id=\"{id}-h\">{heading}</h3></figcaption>\
         <svg class=\"days\" viewBox=\"0 0 1200 {COLUMN_HEIGHT}\" preserveAspectRatio=\"none\" role=\"img\" \
         aria-labelledby=\"{id}-h {id}-d\"><desc id=\"{id}-d\">{total} {noun} from {first} to {last}, at most {most} \
         in one</desc>{drawn}</svg><div class=\"ends\" aria-hidden=\"true\"><span>{first}</span>\
         <span>{total} in all, at most {most} in one day</span><span>{last}</span></div></figure>",
        heading = text(heading),
        total = count(total),
        most = count(most),
        first = text(first),
        last = text(last),
    )
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
    }

    #[test]
    fn hostile_labels_stay_text() {
        let chart = bars("x", "<h>", vec![Bar::whole("</svg><script>alert(1)</script>", 1)], None);
        assert!(!chart.contains("<script>"), "{chart}");
        assert_eq!(chart.matches("</svg>").count(), 1, "only the chart's own end: {chart}");
    }
}
