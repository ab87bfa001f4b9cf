//! What a new row is proposed where the manifest says nothing: the default of its column.

use crate::modules::objets::Nature;

/// What the database writes by default (`pg_get_expr`), as an expression proposes it: a literal, or today; `None` for all
/// that is made: a key, an instant, a function.
pub(super) fn par_la_base(sql: &str, nature: Nature) -> Option<String> {
    let litteral = sql.strip_prefix('\'').and_then(|suite| suite.rsplit_once("'::")).map(|(texte, _)| texte);
    match nature {
        Nature::Date => (sql == "CURRENT_DATE").then(|| "today()".to_owned()),
        Nature::Booleen => matches!(sql, "true" | "false").then(|| sql.to_owned()),
        Nature::Entier | Nature::Decimal | Nature::Montant => {
            let nombre = litteral.unwrap_or(sql);
            nombre.parse::<f64>().is_ok_and(f64::is_finite).then(|| nombre.to_owned())
        }
        Nature::Texte | Nature::Code => litteral.map(|texte| format!("'{texte}'")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_database_proposes_what_can_be_said() {
        let propose = |sql: &str, nature| par_la_base(sql, nature);
        assert_eq!(propose("'achat'::text", Nature::Code).as_deref(), Some("'achat'"));
        assert_eq!(propose("'l''ancien'::character varying", Nature::Texte).as_deref(), Some("'l''ancien'"));
        assert_eq!(propose("'-1'::integer", Nature::Entier).as_deref(), Some("-1"));
        assert_eq!(propose("6", Nature::Entier).as_deref(), Some("6"));
        assert_eq!(propose("CURRENT_DATE", Nature::Date).as_deref(), Some("today()"));
        assert_eq!(propose("false", Nature::Booleen).as_deref(), Some("false"));
        assert_eq!(propose("gen_random_uuid()", Nature::Texte), None);
        assert_eq!(propose("now()", Nature::Instant), None);
        assert_eq!(propose("nextval('s'::regclass)", Nature::Entier), None);
    }
}
