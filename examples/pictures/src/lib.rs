//! What the pictures of the examples and the benchmarks are drawn on: a white canvas, a font, colours.

use std::error::Error;

use anyhow::Context;
pub use plotters;
use plotters::coord::Shift;
use plotters::prelude::{BitMapBackend, DrawingArea, IntoDrawingArea};
use plotters::style::{FontStyle, RGBColor, register_font};

/// The only font there is.
pub const FONT: &str = "DejaVu Sans";

/// Okabe and Ito's, which colour-blind readers tell apart, and a grey.
pub const COLOURS: [RGBColor; 6] = [
    RGBColor(0, 114, 178),
    RGBColor(230, 159, 0),
    RGBColor(0, 158, 115),
    RGBColor(213, 94, 0),
    RGBColor(204, 121, 167),
    RGBColor(90, 90, 90),
];

/// Where is drawn.
pub type Canvas<'a> = DrawingArea<BitMapBackend<'a>, Shift>;

/// What comes of drawing: plotters has several types of errors.
pub type Drawn = Result<(), Box<dyn Error + Send + Sync>>;

/// What `draw` makes of a white canvas of so many pixels, encoded as PNG.
///
/// # Errors
///
/// What `draw` fails with.
pub fn png(
    (width, height): (u32, u32),
    draw: impl FnOnce(&Canvas<'_>) -> Drawn,
) -> anyhow::Result<Vec<u8>> {
    let mut pixels = vec![u8::MAX; width as usize * height as usize * 3];
    let drawn = || -> Drawn {
        register_font(FONT, FontStyle::Normal, dejavu::sans::regular())
            .map_err(|_| "the font cannot be read")?;
        let backend = BitMapBackend::with_buffer(&mut pixels, (width, height));
        let canvas = backend.into_drawing_area();
        draw(&canvas)?;
        canvas.present()?;
        Ok(())
    };
    drawn().map_err(|error| anyhow::anyhow!("{error}"))?;
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width, height);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    let written = encoder
        .write_header()
        .and_then(|mut writer| writer.write_image_data(&pixels));
    written.context("the picture cannot be encoded")?;
    Ok(bytes)
}
