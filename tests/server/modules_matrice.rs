//! Every module, every object, every role, every way out: nothing that a manifest does not open ever comes out.
//!
//! Rows are made from the models themselves, with values that are found in bytes only if they came out. What each account may
//! see is computed here from the manifest by the evaluator of records, never by the SQL that the server runs.

mod attendu;
mod rangees;
mod voies;

use std::collections::BTreeSet;

use finage::modules::installation::code_de_role;

use self::attendu::{Qui, interdites, visibles};
use self::rangees::{Rangee, peuple};
use crate::agents::{Agent, Tenu, agent};
use crate::harness::{Town, on_empty_town};

/// Modules of the tests; those delivered are tried too.
const MODULES: [&str; 2] = ["objets_trouves", "concessions"];

/// Communes and collectivités: one that owns, one beside, a group that holds every mission on the first, one that holds none.
const MONDE: &str = "
    insert into core.commune (insee, nom, genre, cc_srid) values
        ('99101', 'Valbrume', 'hors_cog', 3946), ('99102', 'Cyprin', 'hors_cog', 3946) on conflict do nothing;
    insert into acces.collectivite (code, nom, genre) values ('valbrume', 'Valbrume', 'commune'), ('cyprin', 'Cyprin', 'commune'),
        ('groupement', 'Groupement', 'epci'), ('sansmission', 'Autre groupement', 'epci');
    insert into acces.territoire (collectivite, insee, du) select c.id, t.insee, '2020-01-01' from acces.collectivite c
        join (values ('valbrume', '99101'), ('cyprin', '99102'), ('groupement', '99101'), ('groupement', '99102'),
            ('sansmission', '99101')) t (code, insee) using (code);";

async fn monde(town: &mut Town) -> Vec<Rangee> {
    sqlx::raw_sql(MONDE).execute(&mut town.owner).await.unwrap();
    for module in MODULES {
        town.installe(module).await;
    }
    sqlx::query(
        "insert into acces.mission (collectivite, mission, insee, du)
        select c.id, o.mission, '99101', '2020-01-01' from acces.collectivite c, (select distinct mission from core.objet) o
        where c.code = 'groupement'",
    )
    .execute(&mut town.owner)
    .await
    .unwrap();
    peuple(town).await
}

/// Accounts: nobody known, nobody with a role, each role of each module in each collectivité, with and without its purposes.
async fn comptes(town: &mut Town) -> Vec<(Qui, Option<Agent>)> {
    let registry = town.modules.clone();
    let mut comptes = vec![(Qui::public(), None)];
    let muet = agent(town, "valbrume", Tenu { role: "gestionnaire", ..Tenu::default() }).await;
    comptes.push((Qui::compte("valbrume", "", &[]), Some(muet)));
    for module in registry.modules() {
        let finalites: Vec<String> = module.file.purposes.keys().cloned().collect();
        for role in module.file.roles.keys() {
            let code = code_de_role(&module.file.id, role);
            for collectivite in ["valbrume", "cyprin", "groupement", "sansmission"] {
                for avec in [false, true] {
                    let tenues: Vec<&str> = finalites.iter().map(String::as_str).filter(|_| avec).collect();
                    let tenu = Tenu { role: &code, finalites: &tenues, communes: None };
                    let compte = agent(town, collectivite, tenu).await;
                    let mut qui = Qui::compte(collectivite, &code, &tenues);
                    qui.module = Some((module.file.id.clone(), role.clone()));
                    comptes.push((qui, Some(compte)));
                }
            }
        }
    }
    comptes
}

#[test]
fn nothing_forbidden_comes_out_by_any_way() {
    on_empty_town(async |town| {
        let rangees = monde(town).await;
        assert!(rangees.len() > 20, "{}", rangees.len());
        let mut vues: BTreeSet<String> = BTreeSet::new();
        for (qui, compte) in comptes(town).await {
            let registry = town.modules.clone();
            for finalite in qui.finalites_demandees(&registry) {
                let ouvertes = visibles(&registry, &rangees, &qui, finalite.as_deref());
                let fermees = interdites(&rangees, &ouvertes);
                let rendu = voies::parcourt(town, &rangees, compte.as_ref(), finalite.as_deref()).await;
                for (voie, texte) in &rendu {
                    let fuites: Vec<&String> = fermees.iter().filter(|marque| texte.contains(*marque)).collect();
                    assert!(fuites.is_empty(), "{qui:?} {finalite:?} {voie} gives away {fuites:?}\n{texte}");
                }
                // What is open is shown, or the test would prove nothing.
                let tout: String = rendu.iter().map(|(_, texte)| texte.as_str()).collect();
                let cachees: Vec<&String> = ouvertes.iter().filter(|marque| !tout.contains(*marque)).collect();
                assert!(cachees.is_empty(), "{qui:?} {finalite:?} does not see {cachees:?}");
                vues.extend(ouvertes);
            }
            let avant = rangees::empreintes(town).await;
            voies::ecrit(town, &rangees, compte.as_ref()).await;
            let changees = rangees::changees(&avant, &rangees::empreintes(town).await);
            let permises = attendu::modifiables(&town.modules, &rangees, &qui);
            let prises: Vec<&String> = changees.iter().filter(|cle| !permises.contains(*cle)).collect();
            assert!(prises.is_empty(), "{qui:?} changed {prises:?}");
        }
        let toutes = rangees.iter().flat_map(|rangee| rangee.marques.values().cloned()).collect::<BTreeSet<_>>();
        let jamais: Vec<&String> = toutes.difference(&vues).collect();
        assert!(jamais.len() * 4 < toutes.len(), "too many marks are seen by nobody: {jamais:?}");
    });
}
