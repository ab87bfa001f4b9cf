-- Un cimetière de la ville d'exemple : 600 emplacements, 900 contrats, 1 400 séjours, une procédure d'abandon, des concessions
-- échues, vingt factures. Tout est fictif, et toujours le même à la date près.

create temporary table exemple on commit drop as
select acces.ma_collectivite() as collectivite, p.insee, core.jour(p.insee) as jour, st_transform(st_pointonsurface(p.geom), core.storage_srid()) as centre
from cadastre.parcelle p
where p.insee = any ((select acces.mon_territoire())::text[])
order by st_area(p.geom) desc, p.idu limit 1;

-- Un nombre de 0 à k - 1, toujours le même pour la même graine.
create function pg_temp.hasard(graine text, k integer) returns integer language sql immutable
    as $$ select (('x' || substr(md5(graine), 1, 7))::bit(28)::integer) % k $$;
-- Un rectangle, en mètres à partir du centre.
create function pg_temp.rectangle(x double precision, y double precision, l double precision, h double precision) returns geometry language sql
    as $$ select st_multi(st_setsrid(st_makeenvelope(st_x(e.centre) + x, st_y(e.centre) + y, st_x(e.centre) + x + l, st_y(e.centre) + y + h), st_srid(e.centre))) from pg_temp.exemple e $$;
create function pg_temp.nom(n integer) returns text language sql immutable
    as $$ select (array['Exemplier', 'Fictel', 'Imagineau', 'Specimel', 'Modelin', 'Temoinard', 'Inventeau', 'Essaidier', 'Maquettin', 'Simulard'])[1 + n % 10]
        || (array['', '-Aubain', '-Brisel', '-Corvin', '-Dormel', '-Estrac', '-Falzan'])[1 + n / 10 % 7] $$;
create function pg_temp.prenom(n integer) returns text language sql immutable
    as $$ select (array['Ana', 'Basile', 'Clément', 'Denise', 'Émile', 'Flore', 'Gaspard', 'Hélène', 'Irène', 'Jules', 'Katia', 'Léon', 'Mélina'])[1 + n % 13] $$;
create function pg_temp.civilite(prenom text) returns text language sql immutable
    as $$ select case when prenom in ('Ana', 'Denise', 'Flore', 'Hélène', 'Irène', 'Katia', 'Mélina') then 'madame' else 'monsieur' end $$;
create function pg_temp.numero(serie text, format_avant text, largeur integer, le date, cle uuid) returns text language sql
    as $$ select n.libelle from core.prendre_numero('cimetiere.' || serie, extract(year from le)::integer,
        format_avant || extract(year from le)::integer || '-', largeur, '', 'cimetiere.' || serie, cle) n $$;

insert into cimetiere.reglage (collectivite, insee, paiement, part_ccas) select collectivite, insee, 'regie', 33.33 from exemple;

insert into cimetiere.cimetiere (collectivite, insee, libelle, adresse, ouvert_le, site_cineraire, geom)
select collectivite, insee, 'Cimetière des Tilleuls', 'Chemin des Tilleuls', date '1887-05-01', true, pg_temp.rectangle(-32, -26, 64, 54) from exemple;

insert into cimetiere.secteur (collectivite, insee, cimetiere, libelle, genre, geom)
select e.collectivite, e.insee, c.id, v.libelle, v.genre, pg_temp.rectangle(v.x, v.y, v.l, v.h)
from exemple e, cimetiere.cimetiere c, (values
    ('Carré ancien', 'carre', -31.0, -25.0, 62.0, 25.0), ('Carré nouveau', 'extension', -31.0, 1.0, 62.0, 20.0),
    ('Site cinéraire', 'cineraire', -31.0, 21.5, 62.0, 6.0)) v (libelle, genre, x, y, l, h);

-- Dix rangs dans le carré ancien, huit dans le nouveau, deux au site cinéraire.
create temporary table rang on commit drop as
select r as rang, case when r <= 10 then 'Carré ancien' when r <= 18 then 'Carré nouveau' else 'Site cinéraire' end as secteur,
    case when r <= 10 then -24.6 + (r - 1) * 2.45 when r <= 18 then 1.4 + (r - 11) * 2.45 else 22.0 + (r - 19) * 2.4 end as y,
    gen_random_uuid() as id
from generate_series(1, 20) r;

insert into cimetiere.allee (id, collectivite, insee, cimetiere, secteur, libelle, genre, geom)
select r.id, e.collectivite, e.insee, s.cimetiere, s.id, 'Rang ' || r.rang, 'rangee',
    st_multi(st_setsrid(st_makeline(st_makepoint(st_x(e.centre) - 31, st_y(e.centre) + r.y - 0.2), st_makepoint(st_x(e.centre) + 31, st_y(e.centre) + r.y - 0.2)), st_srid(e.centre)))
from rang r join cimetiere.secteur s on s.libelle = r.secteur cross join exemple e;

-- L'allée qui joint les rangs, et l'entrée à son bout.
insert into cimetiere.allee (collectivite, insee, cimetiere, libelle, genre, geom)
select e.collectivite, e.insee, c.id, 'Allée centrale', 'allee',
    st_multi(st_setsrid(st_makeline(st_makepoint(st_x(e.centre) - 31.2, st_y(e.centre) - 27), st_makepoint(st_x(e.centre) - 31.2, st_y(e.centre) + 25)), st_srid(e.centre)))
from cimetiere.cimetiere c cross join exemple e;
insert into cimetiere.entree (collectivite, insee, cimetiere, libelle, geom)
select e.collectivite, e.insee, c.id, 'Entrée principale', st_setsrid(st_makepoint(st_x(e.centre) - 31.2, st_y(e.centre) - 28), st_srid(e.centre))
from cimetiere.cimetiere c cross join exemple e;

insert into cimetiere.emplacement (collectivite, insee, cimetiere, secteur, allee, numero, nature, sepulture, geom, surface,
    places_cercueil, places_urne, profondeur)
select e.collectivite, e.insee, a.cimetiere, a.secteur, a.id, n::text,
    case when r.rang = 20 then 'columbarium' when r.rang = 19 and n <= 28 then 'cavurne' when r.rang = 19 and n = 29 then 'jardin_souvenir'
        when r.rang = 19 then 'ossuaire' when r.rang = 18 and n = 30 then 'caveau_provisoire' when r.rang = 18 then 'terrain_commun'
        else 'concession' end,
    case when r.rang = 20 then 'case' when r.rang >= 18 then 'pleine_terre' when pg_temp.hasard('s' || r.rang || n, 3) = 0 then 'pierre_tombale' else 'caveau' end,
    pg_temp.rectangle(-30.6 + (n - 1) * 2.04, r.y, case when r.rang >= 19 then 0.8 else 1.4 end, case when r.rang >= 19 then 0.8 else 2.0 end),
    case when r.rang >= 19 then 1 else (array[2.0, 2.0, 2.8, 4.0])[1 + pg_temp.hasard('m' || r.rang || n, 4)] end,
    case when r.rang >= 19 then 0 when r.rang = 18 then case when n = 30 then 6 else 1 end else (array[2, 2, 3, 4, 6])[1 + pg_temp.hasard('p' || r.rang || n, 5)] end,
    case when r.rang = 20 then 2 when r.rang = 19 and n <= 28 then 4 when r.rang >= 18 then 0 else 2 end,
    case when r.rang < 19 then 2.0 end
from rang r join cimetiere.allee a on a.id = r.id cross join generate_series(1, 30) n cross join exemple e;

-- Emplacements concédés, dans un ordre qui ne suit pas le plan : 500 des 540 qui se concèdent.
create temporary table concede on commit drop as
select id, insee, row_number() over (order by md5(allee::text || numero || 'c'), numero) as i
from (select e.id, e.insee, r.rang::text as allee, e.numero from cimetiere.emplacement e join rang r on r.id = e.allee
    where e.nature in ('concession', 'columbarium', 'cavurne')) e
order by i limit 500;

insert into cimetiere.personne (collectivite, insee, civilite, nom, prenoms, adresse, code_postal, ville, decede)
select e.collectivite, e.insee, pg_temp.civilite(pg_temp.prenom(n * 7 + n / 13)), upper(pg_temp.nom(n)), pg_temp.prenom(n * 7 + n / 13),
    (1 + n % 90) || ' rue des Exemples', '99101', 'Valbrume', n % 3 = 0
from generate_series(1, 500) n, exemple e;

create temporary table titulaire on commit drop as
select id, row_number() over (order by nom, prenoms, adresse, id) as i from cimetiere.personne;

insert into cimetiere.tarif (collectivite, insee, libelle, usage, nature, duree, prix, prix_m2, deliberation, deliberation_le, effet_le, fin_le)
select e.collectivite, e.insee, v.libelle || ' (' || a.annee || ')', v.usage, v.nature, v.duree, round(v.prix * a.taux, 2), round(v.m2 * a.taux, 2),
    'Délibération ' || a.annee || '-12', make_date(a.annee - 1, 12, 15), make_date(a.annee, 1, 1), make_date(a.fin, 1, 1)
from exemple e, (values (1990, 2010, 0.5), (2010, 2021, 0.8), (2021, null, 1.0)) a (annee, fin, taux),
    (values ('Concession trentenaire', 'concession', 'concession', 'trentenaire', 400, 180), ('Concession cinquantenaire', 'concession', 'concession', 'cinquantenaire', 800, 320),
        ('Case de columbarium, trente ans', 'concession', 'columbarium', 'trentenaire', 650, 0), ('Cavurne, trente ans', 'concession', 'cavurne', 'trentenaire', 450, 0),
        ('Corps ou urne de plus', 'superposition', null, null, 60, 0), ('Caveau provisoire, par mois', 'depot', null, null, 45, 0)) v (libelle, usage, nature, duree, prix, m2);

-- Les contrats : 100 chaînes de trois, 200 de deux, 100 perpétuels, 100 seuls dont 30 échus.
create temporary table acte on commit drop as
select c.id as emplacement, c.insee, c.i, k, gen_random_uuid() as id,
    case when c.i between 301 and 400 then 'perpetuelle' else 'trentenaire' end as duree,
    case when c.i <= 100 then make_date((1937 + c.i % 29)::integer, (1 + c.i % 12)::integer, (1 + c.i % 28)::integer)
        when c.i <= 300 then make_date((1967 + c.i % 29)::integer, (1 + c.i % 12)::integer, (1 + c.i % 28)::integer)
        when c.i <= 400 then make_date((1902 + c.i % 56)::integer, (1 + c.i % 12)::integer, (1 + c.i % 28)::integer)
        when c.i <= 470 then make_date((1998 + c.i % 27)::integer, (1 + c.i % 12)::integer, (1 + c.i % 28)::integer)
        else e.jour - make_interval(years => 30, days => ((c.i - 470) * 48)::integer) end::date as premier
from exemple e, concede c cross join lateral generate_series(1, case when c.i <= 100 then 3 when c.i <= 300 then 2 else 1 end) k;

insert into cimetiere.contrat (id, collectivite, insee, numero, emplacement, genre, precedent, classe, duree, etat, titulaire, acte_le, debut_le, prix, surface)
select a.id, e.collectivite, a.insee, pg_temp.numero('contrat', '', 4, (a.premier + make_interval(years => 30 * (a.k - 1)::integer))::date, a.id), a.emplacement,
    case when a.k = 1 then 'achat' else 'renouvellement' end, avant.id,
    (array['familiale', 'familiale', 'familiale', 'collective', 'individuelle'])[1 + pg_temp.hasard('k' || a.i, 5)], a.duree,
    case when apres.id is null then 'signe' else 'clos' end, t.id,
    (a.premier + make_interval(years => 30 * (a.k - 1)::integer))::date, (a.premier + make_interval(years => 30 * (a.k - 1)::integer))::date,
    case when a.premier >= date '1960-01-01' then 150 + 100 * a.k end, p.surface
from exemple e, (select * from acte order by premier, i, k) a
    left join acte avant on avant.emplacement = a.emplacement and avant.k = a.k - 1
    left join acte apres on apres.emplacement = a.emplacement and apres.k = a.k + 1
    join titulaire t on t.i = a.i join cimetiere.emplacement p on p.id = a.emplacement
order by a.k, a.premier, a.i;

insert into cimetiere.ayant_droit (collectivite, insee, contrat, personne, qualite, lien, source)
select c.collectivite, c.insee, c.id, t.id, 'ayant_droit', 'enfant', 'Déclaration du titulaire'
from cimetiere.contrat c join acte a on a.id = c.id join titulaire t on t.i = 1 + (a.i * 37) % 500
where c.etat = 'signe' and a.i % 4 = 0;

-- Les défunts : 1 263 dans les concessions, 37 en terrain commun ; 100 ont été réduits.
create temporary table repos on commit drop as
with places as (
    select c.id as emplacement, c.insee, c.i, e.nature, e.places_cercueil, min(a.premier) as depuis
    from concede c join acte a on a.emplacement = c.id join cimetiere.emplacement e on e.id = c.id group by 1, 2, 3, 4, 5
)
select gen_random_uuid() as id, p.emplacement, p.insee, p.i, n,
    least(p.depuis + ((ex.jour - p.depuis) * (n + pg_temp.hasard('d' || p.i || n, 100) / 100.0) / 3.2)::integer, ex.jour - 40) as du,
    case when p.nature = 'concession' then 'cercueil' else 'urne' end as forme, false as reduit
from exemple ex, places p cross join lateral generate_series(0, case when p.nature = 'concession' then least(p.places_cercueil, 3) - 1 else 1 end) n
where p.i not between 491 and 500;

delete from repos where ctid in (select ctid from repos order by md5(i::text || n || 'x') offset 1263);

insert into repos
select gen_random_uuid(), e.id, e.insee, 0, 0, ex.jour - (200 + 97 * row_number() over (order by e.numero))::integer, 'cercueil', false
from exemple ex, cimetiere.emplacement e where e.nature = 'terrain_commun' limit 37;

-- Le terrain commun n'a que 29 fosses : le reste est dans de grands caveaux.
insert into repos
select gen_random_uuid(), r.emplacement, r.insee, r.i, 9, r.du - 30, r.forme, false
from (select distinct on (r.emplacement) r.* from repos r join cimetiere.emplacement e on e.id = r.emplacement
    where r.forme = 'cercueil' and e.places_cercueil >= 4 order by r.emplacement, r.n) r
order by r.i limit (select 1300 - count(*) from repos);

update repos set reduit = true where id in (
    select r.id from repos r, exemple ex where r.forme = 'cercueil' and r.i between 1 and 300 and r.du < ex.jour - 3000 order by r.du, r.id limit 100);

insert into cimetiere.defunt (id, collectivite, insee, civilite, nom, prenoms, naissance, deces_le, lieu_deces, mort_pour_la_france, opposition)
select r.id, e.collectivite, r.insee, pg_temp.civilite(pg_temp.prenom((r.i * 5 + r.n * 11)::integer)), upper(pg_temp.nom((r.i * 3 + r.n)::integer)),
    pg_temp.prenom((r.i * 5 + r.n * 11)::integer), (r.du - 4 - (18000 + pg_temp.hasard('a' || r.i || r.n, 15000)))::date, (r.du - 4)::date, 'Valbrume',
    r.i between 301 and 400 and r.n = 0 and r.i % 25 = 0 and extract(year from r.du) between 1914 and 1945, pg_temp.hasard('o' || r.i || r.n, 50) = 0
from repos r, exemple e;

insert into cimetiere.sejour (collectivite, insee, defunt, emplacement, forme, du, au)
select e.collectivite, r.insee, r.id, r.emplacement, r.forme, r.du, case when r.reduit then least(r.du + 2600, e.jour - 10) end from repos r, exemple e;
insert into cimetiere.sejour (collectivite, insee, defunt, emplacement, forme, du)
select e.collectivite, r.insee, r.id, r.emplacement, 'reliquaire', least(r.du + 2600, e.jour - 10) from repos r, exemple e where r.reduit;

insert into cimetiere.entreprise (collectivite, insee, nom, pompes_funebres, marbrerie, habilitation, habilitation_fin, adresse)
select e.collectivite, e.insee, v.nom, v.pf, v.marbrerie, v.habilitation, e.jour + v.reste, 'Zone artisanale, Valbrume'
from exemple e, (values ('Pompes funèbres de l’Exemple', true, false, '26-99-0001', 700), ('Marbrerie du Modèle', false, true, null, null),
    ('Services funéraires du Spécimen', true, true, '26-99-0002', 20)) v (nom, pf, marbrerie, habilitation, reste);

-- Des opérations : deux aujourd'hui, deux à venir.
create temporary table prevue on commit drop as
select gen_random_uuid() as id, gen_random_uuid() as defunt, c.id as emplacement, c.insee, row_number() over (order by c.i) as n
from concede c join cimetiere.emplacement e on e.id = c.id where e.nature = 'concession' and c.i between 401 and 470 order by c.i limit 4;
insert into cimetiere.defunt (id, collectivite, insee, civilite, nom, prenoms, naissance, deces_le, lieu_deces)
select p.defunt, e.collectivite, p.insee, pg_temp.civilite(pg_temp.prenom(n::integer * 3)), upper(pg_temp.nom(n::integer * 17)), pg_temp.prenom(n::integer * 3), e.jour - 30000, e.jour - 4, 'Valbrume'
from prevue p, exemple e;
insert into cimetiere.operation (id, collectivite, insee, numero, genre, etat, emplacement, defunt, forme, motif_droit, lien_titulaire, demandee_le,
    prevue_le, prevue_a, autorisee_le, entreprise)
select p.id, e.collectivite, p.insee, pg_temp.numero('operation', '', 4, e.jour, p.id), 'inhumation', case when n <= 2 then 'planifiee' else 'demandee' end,
    p.emplacement, p.defunt, 'cercueil', 'domicile', 'conjoint', e.jour - 2, e.jour + case when n <= 2 then 0 else 2 end,
    (array[time '09:30', time '14:00', time '10:00', time '15:30'])[n], case when n <= 2 then e.jour - 1 end,
    (select id from cimetiere.entreprise where nom = 'Pompes funèbres de l’Exemple')
from prevue p, exemple e order by n;

create temporary table chantier on commit drop as
select gen_random_uuid() as id, c.id as emplacement, c.insee, row_number() over (order by c.i)::integer as n from concede c where c.i between 101 and 103;
insert into cimetiere.travaux (id, collectivite, insee, numero, emplacement, entreprise, nature, description, etat, demande_le, autorise_le, debut_le)
select c.id, e.collectivite, c.insee, pg_temp.numero('travaux', 'T', 4, e.jour, c.id), c.emplacement, (select id from cimetiere.entreprise where nom = 'Marbrerie du Modèle'),
    (array['monument', 'gravure', 'reparation'])[c.n], 'Pose, gravure ou réparation d’exemple', 'autorise', e.jour - 10, e.jour - 5, e.jour + 3
from (select * from chantier order by n) c, exemple e;

-- Une procédure d'abandon : premier procès-verbal dressé, affiché, certifié ; la seconde visite attend un an.
create temporary table abandon on commit drop as
select gen_random_uuid() as id, c.id as emplacement, c.insee, a.id as contrat, e.jour - 330 as pv
from exemple e, concede c join acte a on a.emplacement = c.id
where c.i between 301 and 400 and not exists (select from cimetiere.sejour s join cimetiere.defunt d on d.id = s.defunt
    where s.emplacement = c.id and (s.du > e.jour - 8000 or d.mort_pour_la_france))
order by c.i limit 1;
insert into cimetiere.procedure (id, collectivite, insee, numero, genre, emplacement, contrat, ouverte_le, ayants_droit_connus)
select a.id, e.collectivite, a.insee, pg_temp.numero('procedure', 'R', 3, a.pv - 40, a.id), 'abandon', a.emplacement, a.contrat, a.pv - 40, true
from abandon a, exemple e;
insert into cimetiere.etape_procedure (collectivite, insee, procedure, etape, le, reference, constat)
select e.collectivite, a.insee, a.id, v.etape, a.pv + v.jours, v.reference, v.constat
from exemple e, abandon a, (values ('avis_1', -40, 'RAR 2C 000 000 0001', null), ('pv_1', 0, 'PV n° 1', 'Stèle renversée, végétation, aucune trace d’entretien.'),
    ('notification_1', 4, 'RAR 2C 000 000 0002', null), ('affichage_1', 5, null, null), ('liste', 6, null, null), ('affichage_2', 55, null, null),
    ('affichage_3', 105, null, null), ('certificat', 140, 'Certificat du maire', null)) v (etape, jours, reference, constat)
order by v.jours;

-- Vingt factures : des renouvellements de l'année, payés, à payer, et un projet.
create temporary table piece on commit drop as
select gen_random_uuid() as id, c.id as contrat, c.titulaire, c.insee, row_number() over (order by c.acte_le desc, c.id) as n
from cimetiere.contrat c where c.genre = 'renouvellement' and c.etat = 'signe' order by c.acte_le desc, c.id limit 20;
insert into cimetiere.facture (id, collectivite, insee, destinataire, contrat)
select p.id, e.collectivite, p.insee, p.titulaire, p.contrat from piece p, exemple e;
insert into cimetiere.ligne_facture (collectivite, insee, facture, libelle, quantite, prix, ccas)
select e.collectivite, p.insee, p.id, 'Renouvellement d’une concession trentenaire', 1, 400.00, 133.33 from piece p, exemple e;
select set_config('finage.verrou', 'ouvert', true);
update cimetiere.facture f set etat = 'emise', emise_le = e.jour - (20 - p.n)::integer, echeance = e.jour - (20 - p.n)::integer + 30,
    numero = pg_temp.numero('facture', '', 5, e.jour - (20 - p.n)::integer, p.id)
from (select * from piece order by n) p, exemple e where f.id = p.id and p.n < 20;
select set_config('finage.verrou', '', true);
create temporary table recette on commit drop as
select gen_random_uuid() as id, p.id as facture, p.insee, p.n::integer as n from piece p where p.n <= 10;
insert into cimetiere.encaissement (id, collectivite, insee, numero, facture, le, montant, mode)
select r.id, e.collectivite, r.insee, pg_temp.numero('encaissement', 'E', 5, e.jour, r.id), r.facture, e.jour - (10 - r.n), 400.00, (array['cheque', 'carte', 'virement'])[1 + r.n % 3]
from (select * from recette order by n) r, exemple e;
