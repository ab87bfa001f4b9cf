//! XML read one event after the other, each within a bound; no document type, so no entity but the standard's.

use std::io::{self, BufRead, Read};

use quick_xml::XmlVersion;
use quick_xml::events::{BytesRef, BytesStart, Event};

use crate::error::{Cause, ImportError};

/// Bytes of one event: a text, or a tag with its attributes.
const MAX_EVENEMENT: usize = 4 << 20;
/// Elements within elements.
const MAX_PROFONDEUR: usize = 256;

/// A stream of events.
pub(super) struct Xml<R> {
    lecteur: quick_xml::Reader<Borne<R>>,
    tampon: Vec<u8>,
    quoi: &'static str,
    profondeur: usize,
}

impl<R: BufRead> Xml<R> {
    /// `quoi` names the part in refusals, with its article.
    pub(super) fn new(flux: R, quoi: &'static str) -> Self {
        let mut lecteur = quick_xml::Reader::from_reader(Borne { flux, reste: 0 });
        lecteur.config_mut().expand_empty_elements = true;
        Self { lecteur, tampon: Vec::new(), quoi, profondeur: 0 }
    }

    /// The next event; `None` at the end of the document.
    pub(super) fn suivant(&mut self) -> Result<Option<Event<'_>>, ImportError> {
        self.tampon.clear();
        self.lecteur.get_mut().reste = MAX_EVENEMENT;
        let quoi = self.quoi;
        let evenement = self.lecteur.read_event_into(&mut self.tampon);
        match evenement.map_err(|_| Cause::abime(quoi))? {
            Event::Eof if self.profondeur == 0 => Ok(None),
            Event::Eof => Err(Cause::Tronque(quoi).into()),
            Event::DocType(_) => Err(Cause::illisible(quoi, "un type de document n'y a pas sa place").into()),
            evenement => {
                match evenement {
                    Event::Start(_) => self.profondeur += 1,
                    Event::End(_) => self.profondeur = self.profondeur.saturating_sub(1),
                    _ => {}
                }
                if self.profondeur > MAX_PROFONDEUR {
                    return Err(Cause::illisible(quoi, "il est trop imbriqué").into());
                }
                Ok(Some(evenement))
            }
        }
    }
}

/// The name of an element without its prefix.
pub(super) fn nom<'a>(element: &'a BytesStart<'_>) -> &'a str {
    local(element.name().into_inner())
}

/// A name without its prefix.
pub(super) fn local(nom: &str) -> &str {
    nom.rsplit_once(':').map_or(nom, |(_, local)| local)
}

/// The value of an attribute, by its name without prefix. Attributes are not compared with each other: a tag may have a
/// million of them.
pub(super) fn attribut(element: &BytesStart<'_>, voulu: &str) -> Option<String> {
    let attribut =
        element.attributes().with_checks(false).flatten().find(|attribut| local(attribut.key.into_inner()) == voulu)?;
    attribut.normalized_value(XmlVersion::Implicit1_0).ok().map(std::borrow::Cow::into_owned)
}

/// Adds what an event says to a text; `false` when the text is too long.
pub(super) fn ajoute(texte: &mut String, evenement: &Event<'_>, limite: usize) -> bool {
    match evenement {
        Event::Text(morceau) => texte.push_str(&morceau.xml10_content()),
        Event::CData(morceau) => texte.push_str(&morceau.xml10_content()),
        Event::GeneralRef(reference) => texte.extend(caractere(reference)),
        _ => {}
    }
    texte.len() <= limite
}

fn caractere(reference: &BytesRef<'_>) -> Option<char> {
    if reference.is_char_ref() {
        return reference.resolve_char_ref().ok().flatten();
    }
    match reference.xml10_content().as_ref() {
        "lt" => Some('<'),
        "gt" => Some('>'),
        "amp" => Some('&'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => None,
    }
}

/// A stream that gives so many bytes before it is recharged.
struct Borne<R> {
    flux: R,
    reste: usize,
}

impl<R: BufRead> Read for Borne<R> {
    fn read(&mut self, tampon: &mut [u8]) -> io::Result<usize> {
        let lus = self.fill_buf()?.read(tampon)?;
        self.consume(lus);
        Ok(lus)
    }
}

impl<R: BufRead> BufRead for Borne<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.reste == 0 {
            return Err(io::Error::other("un élément est trop long"));
        }
        self.flux.fill_buf()
    }

    fn consume(&mut self, lus: usize) {
        self.reste = self.reste.saturating_sub(lus);
        self.flux.consume(lus);
    }
}
