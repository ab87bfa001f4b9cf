//! What a row is called: `{allee.libelle} n° {numero}`.

/// A piece of a title.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// As written.
    Text(String),
    /// The value of a field; of a reference, what its row is called.
    Field(String),
    /// The value of a field of the row that a reference names.
    Through(String, String),
}

/// The pieces of a title.
///
/// # Errors
/// A brace that is not closed, or a name that is none: a French sentence.
pub fn pieces(title: &str) -> Result<Vec<Piece>, String> {
    let mut pieces = Vec::new();
    let mut rest = title;
    while let Some((before, after)) = rest.split_once('{') {
        if !before.is_empty() {
            pieces.push(Piece::Text(before.to_owned()));
        }
        let (name, after) = after.split_once('}').ok_or("une accolade n'est pas fermée")?;
        let name = name.trim();
        let word = |word: &str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
        match name.split_once('.') {
            None if word(name) => pieces.push(Piece::Field(name.to_owned())),
            Some((reference, field)) if word(reference) && word(field) => {
                pieces.push(Piece::Through(reference.to_owned(), field.to_owned()));
            }
            _ => return Err(format!("« {{{name}}} » ne nomme pas un champ : {{champ}} ou {{reference.champ}}")),
        }
        rest = after;
    }
    if rest.contains('}') {
        return Err("une accolade se ferme sans s'être ouverte".to_owned());
    }
    if !rest.is_empty() {
        pieces.push(Piece::Text(rest.to_owned()));
    }
    if pieces.iter().all(|piece| matches!(piece, Piece::Text(_))) {
        return Err("le titre ne nomme aucun champ".to_owned());
    }
    Ok(pieces)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_name_fields_and_fields_of_references() {
        assert_eq!(
            pieces("{allee.libelle} n° {numero}").unwrap(),
            [
                Piece::Through("allee".into(), "libelle".into()),
                Piece::Text(" n° ".into()),
                Piece::Field("numero".into())
            ]
        );
        for wrong in ["", "sans champ", "{", "{a", "a}", "{}", "{a b}", "{a.b.c}"] {
            assert!(pieces(wrong).is_err(), "{wrong}");
        }
    }
}
