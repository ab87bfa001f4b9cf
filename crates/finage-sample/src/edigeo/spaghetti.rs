//! The file of free shapes: commune, lieux-dits, buildings, roads, names, numbers, marks, symbols.

use super::lot::Ids;
use super::object::{Attribute, Layer};
use super::record::real;
use crate::SampleError;
use crate::plan::Genre;
use crate::projection::Projection;
use crate::town::{BorneKind, Commune, Dates, Ecriture, SymboleShape, TronconShape};

const WORDS: [&str; 10] = ["TEX", "TEX2", "TEX3", "TEX4", "TEX5", "TEX6", "TEX7", "TEX8", "TEX9", "TEX10"];
const PARCELS: &str = "SeTOP_1";
const OWN: &str = "SeSPA_1";

/// Writes every free object of a feuille.
pub fn write(
    layer: &mut Layer<'_>,
    commune: &Commune,
    feuille: usize,
    ids: &mut Ids,
    projection: &Projection,
) -> Result<(), SampleError> {
    let number = commune.insee[2..].to_owned();
    let id = ids.commune;
    let face = layer.free_surface(id, &projection.polygon(&commune.contour)?);
    let attributes = [Attribute::Text("TEX2", commune.nom.to_uppercase()), Attribute::Text("IDU", number)];
    layer.object("COMMUNE", id, &attributes, commune.dates);
    layer.shape_link("COMMUNE", id, "PFE", &[face]);
    let mut writer = Writer { layer, commune, feuille, ids, projection };
    writer.lieux_dits()?;
    writer.troncons()?;
    writer.batiments()?;
    writer.subdivisions()?;
    writer.numeros()?;
    writer.symboles()?;
    writer.bornes()
}

struct Writer<'w, 'l> {
    layer: &'w mut Layer<'l>,
    commune: &'w Commune,
    feuille: usize,
    ids: &'w mut Ids,
    projection: &'w Projection,
}

impl Writer<'_, '_> {
    /// A surface object with its texts, one an attribute.
    fn surface(
        &mut self,
        class: &str,
        polygon: &geo_types::Polygon<f64>,
        attributes: &[Attribute],
        texts: &[(&str, Ecriture)],
        dates: Dates,
    ) -> Result<u64, SampleError> {
        let id = self.ids.fresh();
        let face = self.layer.free_surface(id, &self.projection.polygon(polygon)?);
        self.layer.object(class, id, attributes, dates);
        self.texts(id, attributes, texts)?;
        self.layer.shape_link(class, id, "PFE", &[face]);
        Ok(id)
    }

    fn line(
        &mut self,
        class: &str,
        line: &[crate::geometry::Pt],
        attributes: &[Attribute],
        texts: &[(&str, Ecriture)],
        dates: Dates,
    ) -> Result<u64, SampleError> {
        let id = self.ids.fresh();
        let arc = format!("Arc_{id}");
        self.layer.arc(&arc, &self.projection.line(line)?);
        self.layer.object(class, id, attributes, dates);
        self.texts(id, attributes, texts)?;
        self.layer.shape_link(class, id, "PAR", &[arc]);
        Ok(id)
    }

    fn point(
        &mut self,
        class: &str,
        at: crate::geometry::Pt,
        attributes: &[Attribute],
        texts: &[(&str, Ecriture)],
        dates: Dates,
    ) -> Result<u64, SampleError> {
        let id = self.ids.fresh();
        let node = format!("Noeud_{id}");
        self.layer.node(&node, self.projection.point(at)?, true);
        self.layer.object(class, id, attributes, dates);
        self.texts(id, attributes, texts)?;
        self.layer.shape_link(class, id, "PNO", &[node]);
        Ok(id)
    }

    fn texts(&mut self, id: u64, attributes: &[Attribute], texts: &[(&str, Ecriture)]) -> Result<(), SampleError> {
        for (code, ecriture) in texts {
            let printed = attributes.iter().find_map(|attribute| match attribute {
                Attribute::Text(name, text) if name == code => Some(text.as_str()),
                _ => None,
            });
            self.layer.label(id, code, printed.unwrap_or_default(), *ecriture, self.projection.point(ecriture.at)?);
        }
        Ok(())
    }

    fn lieux_dits(&mut self) -> Result<(), SampleError> {
        let (commune, feuille) = (self.commune, self.feuille);
        for lieu in commune.lieux_dits.iter().filter(|l| l.feuille == feuille) {
            let attributes = [Attribute::Text("TEX", lieu.nom.clone())];
            self.surface("LIEUDIT", &lieu.polygon, &attributes, &[("TEX", lieu.ecriture)], lieu.dates)?;
        }
        Ok(())
    }

    fn troncons(&mut self) -> Result<(), SampleError> {
        let (commune, feuille) = (self.commune, self.feuille);
        for troncon in commune.troncons.iter().filter(|t| t.feuille == feuille) {
            let words: Vec<Attribute> = WORDS
                .iter()
                .zip(troncon.nom.split(' '))
                .map(|(name, word)| Attribute::Text(name, word.to_owned()))
                .collect();
            let texts: Vec<(&str, Ecriture)> = WORDS.iter().copied().zip(troncon.ecritures.iter().copied()).collect();
            match &troncon.shape {
                TronconShape::Surface(polygon) => {
                    let class = if troncon.genre == Genre::Riviere { "TRONFLUV" } else { "TRONROUTE" };
                    self.surface(class, polygon, &words, &texts, troncon.dates)?;
                }
                TronconShape::Line(line) => {
                    self.line("ZONCOMMUNI", line, &words, &texts, troncon.dates)?;
                }
                TronconShape::Nom(at) => {
                    self.point("VOIEP", *at, &[Attribute::Text("TEX", troncon.nom.clone())], &texts, troncon.dates)?;
                }
            }
        }
        Ok(())
    }

    fn batiments(&mut self) -> Result<(), SampleError> {
        let (commune, feuille) = (self.commune, self.feuille);
        for batiment in commune.batiments.iter().filter(|b| b.feuille == feuille) {
            let mut attributes = vec![Attribute::Code("DUR", if batiment.dur { "01" } else { "02" }.to_owned())];
            let mut texts = Vec::new();
            if let Some(nom) = &batiment.nom {
                attributes.push(Attribute::Text("TEX", nom.clone()));
                texts.push(("TEX", Ecriture { at: crate::town::middle(&batiment.polygon), angle: 0.0, hei: 2.0 }));
            }
            let id = self.surface("BATIMENT", &batiment.polygon, &attributes, &texts, batiment.dates)?;
            for parcelle in &batiment.parcelles {
                self.relate("BATIMENT_PARCELLE", id, *parcelle);
            }
        }
        Ok(())
    }

    fn relate(&mut self, relation: &str, id: u64, parcelle: usize) {
        if let Some(to) = self.ids.parcelles.get(&parcelle) {
            self.layer.relation(relation, id, PARCELS, *to);
        }
    }

    fn subdivisions(&mut self) -> Result<(), SampleError> {
        let (commune, feuille) = (self.commune, self.feuille);
        for (number, parcelle) in commune.parcelles.iter().enumerate().filter(|p| p.1.feuille == feuille) {
            for part in &parcelle.subdivisions {
                let text = Ecriture { at: crate::town::middle(&part.polygon), angle: 0.0, hei: 1.5 };
                let attributes = [Attribute::Text("TEX", part.lettre.to_string())];
                let id = self.surface("SUBDFISC", &part.polygon, &attributes, &[("TEX", text)], part.dates)?;
                self.relate("SUBDFISC_PARCELLE", id, number);
            }
        }
        Ok(())
    }

    fn numeros(&mut self) -> Result<(), SampleError> {
        let (commune, feuille) = (self.commune, self.feuille);
        for adresse in &commune.adresses {
            let Some(parcelle) = adresse.parcelle.filter(|p| commune.parcelles[*p].feuille == feuille) else {
                continue;
            };
            let letter = adresse.suffixe.chars().next().map(|c| c.to_uppercase().to_string()).unwrap_or_default();
            let attributes = [Attribute::Text("TEX", format!("{}{letter}", adresse.numero))];
            let text = Ecriture { at: adresse.at, angle: adresse.angle, hei: 1.1 };
            let dates = Dates { created: adresse.date, updated: adresse.date };
            let id = self.point("NUMVOIE", adresse.at, &attributes, &[("TEX", text)], dates)?;
            self.relate("NUMVOIE_PARCELLE", id, parcelle);
        }
        Ok(())
    }

    fn symboles(&mut self) -> Result<(), SampleError> {
        let (commune, feuille) = (self.commune, self.feuille);
        for symbole in commune.symboles.iter().filter(|s| s.feuille == feuille) {
            let mut attributes = vec![Attribute::Code("SYM", format!("{:02}", symbole.sym))];
            if let Some(texte) = &symbole.texte {
                attributes.push(Attribute::Text("TEX", texte.clone()));
            }
            let ori = |angle: f64| Attribute::Real("ORI", real(angle));
            match &symbole.shape {
                SymboleShape::Point(at, angle) => {
                    attributes.push(ori(*angle));
                    let id = self.point("TPOINT", *at, &attributes, &[], symbole.dates)?;
                    self.layer.relation("DETOPO_COMMUNE", id, OWN, self.ids.commune);
                }
                SymboleShape::Line(line) => {
                    let id = self.line("TLINE", line, &attributes, &[], symbole.dates)?;
                    self.layer.relation("DETOPO_COMMUNE", id, OWN, self.ids.commune);
                }
                SymboleShape::Surface(polygon) => {
                    let text = Ecriture { at: crate::town::middle(polygon), angle: 0.0, hei: 2.5 };
                    let texts = if symbole.texte.is_some() { vec![("TEX", text)] } else { vec![] };
                    let id = self.surface("TSURF", polygon, &attributes, &texts, symbole.dates)?;
                    self.layer.relation("DETOPO_COMMUNE", id, OWN, self.ids.commune);
                }
                SymboleShape::Limite(at, angle, parcelle) => {
                    attributes.push(ori(*angle));
                    let id = self.point("SYMBLIM", *at, &attributes, &[], symbole.dates)?;
                    self.relate("SYMBLIM_PARCELLE", id, *parcelle);
                }
                SymboleShape::Charge(polygon, lettre, parcelle) => {
                    let text = Ecriture { at: crate::town::middle(polygon), angle: 0.0, hei: 1.5 };
                    let attributes = [Attribute::Text("TEX", lettre.to_string())];
                    let id = self.surface("CHARGE", polygon, &attributes, &[("TEX", text)], symbole.dates)?;
                    self.relate("CHARGE_PARCELLE", id, *parcelle);
                }
            }
        }
        Ok(())
    }

    fn bornes(&mut self) -> Result<(), SampleError> {
        let (commune, feuille) = (self.commune, self.feuille);
        for borne in commune.bornes.iter().filter(|b| b.feuille == feuille) {
            let (class, relation, attributes) = match borne.kind {
                BorneKind::Borne => ("BORNE", "BORNE_PARCELLE", vec![]),
                BorneKind::Croix => ("CROIX", "CROIX_PARCELLE", vec![]),
                BorneKind::Boulon => ("BOULON", "BOULON_PARCELLE", vec![Attribute::Real("ORI", real(0.0))]),
                BorneKind::Canevas(number) => {
                    let idu = format!("{}{number:05}", &commune.insee[2..]);
                    let attributes = vec![
                        Attribute::Code("MAP", "07".to_owned()),
                        Attribute::Code("SYM", "71".to_owned()),
                        Attribute::Text("IDU", idu),
                        Attribute::Real("ORI", real(0.0)),
                    ];
                    ("PTCANV", "PTCANVS_COMMUNE", attributes)
                }
            };
            let id = self.point(class, borne.at, &attributes, &[], borne.dates)?;
            if class == "PTCANV" {
                self.layer.relation(relation, id, OWN, self.ids.commune);
            }
            for parcelle in &borne.parcelles {
                self.relate(relation, id, *parcelle);
            }
        }
        Ok(())
    }
}
