//! Curves of training as a picture.

use anyhow::Context;
use plotters::coord::combinators::IntoLogRange;
use plotters::prelude::*;
use plotters::style::{FontStyle, RGBColor, register_font};

const SIZE: (u32, u32) = (960, 540);
const FONT: &str = "DejaVu Sans";
/// Okabe and Ito's, which colour-blind readers tell apart.
const COLOURS: [RGBColor; 6] = [
    RGBColor(0, 114, 178),
    RGBColor(0, 158, 115),
    RGBColor(213, 94, 0),
    RGBColor(90, 90, 90),
    RGBColor(204, 121, 167),
    RGBColor(230, 159, 0),
];

/// A curve: one value before the first epoch and one after each.
#[derive(Debug, Clone)]
pub struct Line<'a> {
    /// What the legend calls it.
    pub name: &'a str,
    /// Above 0; others are left out.
    pub values: Vec<f64>,
}

/// The curves on a logarithmic scale, encoded as PNG.
///
/// # Errors
///
/// When no curve has a value that can be drawn.
pub fn png(title: &str, x: &str, y: &str, lines: &[Line<'_>]) -> anyhow::Result<Vec<u8>> {
    let mut pixels = vec![u8::MAX; SIZE.0 as usize * SIZE.1 as usize * 3];
    draw(&mut pixels, title, x, y, lines).map_err(|error| anyhow::anyhow!("{error}"))?;
    encode(&pixels).context("the picture cannot be encoded")
}

fn draw(
    pixels: &mut [u8],
    title: &str,
    x: &str,
    y: &str,
    lines: &[Line<'_>],
) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    register_font(FONT, FontStyle::Normal, dejavu::sans::regular())
        .map_err(|_| "the font cannot be read")?;
    let epochs = lines
        .iter()
        .map(|line| line.values.len())
        .max()
        .unwrap_or(0)
        .saturating_sub(1);
    let (low, high) = decades(lines).ok_or("there is nothing to draw")?;

    let area = BitMapBackend::with_buffer(pixels, SIZE).into_drawing_area();
    let mut chart = ChartBuilder::on(&area)
        .caption(title, (FONT, 24))
        .margin(20)
        .x_label_area_size(48)
        .y_label_area_size(72)
        .build_cartesian_2d(0..epochs.max(1), (low..high).log_scale())?;
    chart
        .configure_mesh()
        .x_desc(x)
        .y_desc(y)
        .axis_desc_style((FONT, 17))
        .label_style((FONT, 15))
        .y_labels(8)
        .light_line_style(TRANSPARENT)
        .bold_line_style(BLACK.mix(0.12))
        .disable_x_mesh()
        .draw()?;
    for (line, colour) in lines.iter().zip(COLOURS.into_iter().cycle()) {
        let stroke = colour.stroke_width(3);
        let points = line
            .values
            .iter()
            .copied()
            .enumerate()
            .filter(|&(_, value)| drawable(value));
        chart
            .draw_series(LineSeries::new(points, stroke))?
            .label(line.name)
            .legend(move |(x, y)| PathElement::new([(x, y), (x + 24, y)], stroke));
    }
    chart
        .configure_series_labels()
        .position(SeriesLabelPosition::UpperRight)
        .label_font((FONT, 16))
        .legend_area_size(32)
        .margin(12)
        .background_style(WHITE)
        .draw()?;
    area.present()?;
    Ok(())
}

/// The powers of ten around all values.
fn decades(lines: &[Line<'_>]) -> Option<(f64, f64)> {
    let values = lines
        .iter()
        .flat_map(|line| &line.values)
        .copied()
        .filter(|&value| drawable(value));
    let (low, high) = values.fold((f64::INFINITY, 0.0_f64), |(low, high), value| {
        (low.min(value), high.max(value))
    });
    let around = (
        10_f64.powf(low.log10().floor()),
        10_f64.powf(high.log10().ceil()),
    );
    low.is_finite().then_some(around)
}

fn drawable(value: f64) -> bool {
    value.is_finite() && value > 0.0
}

fn encode(pixels: &[u8]) -> Result<Vec<u8>, png::EncodingError> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, SIZE.0, SIZE.1);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.write_header()?.write_image_data(pixels)?;
    Ok(bytes)
}
