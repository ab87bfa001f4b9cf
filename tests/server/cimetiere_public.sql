-- A cemetery with its plan, and a living person wherever the module may write a name: each is marked, none is publishable.
create temporary table ou as
select (select id from acces.collectivite where code = '99101') as collectivite, '99101' as insee,
    (select st_pointonsurface(geom) from cadastre.commune where insee = '99101') as p;

insert into cimetiere.cimetiere (collectivite, insee, libelle, observation, geom)
select collectivite, insee, 'Cimetière du Val', 'Zq900x', st_multi(st_expand(p, 60)) from ou;
insert into cimetiere.secteur (collectivite, insee, cimetiere, libelle, geom)
select o.collectivite, o.insee, c.id, 'Carré A', st_multi(st_expand(o.p, 40)) from ou o, cimetiere.cimetiere c;
insert into cimetiere.allee (collectivite, insee, cimetiere, secteur, libelle, geom)
select o.collectivite, o.insee, s.cimetiere, s.id, 'Allée des Essais',
    st_multi(st_makeline(st_translate(o.p, -30, 2), st_translate(o.p, 30, 2)))
from ou o, cimetiere.secteur s;
insert into cimetiere.emplacement (collectivite, insee, cimetiere, secteur, allee, numero, places_cercueil, observation, geom)
select o.collectivite, o.insee, a.cimetiere, a.secteur, a.id, n::text, 2, 'Zq901x',
    st_multi(st_expand(st_translate(o.p, (n - 7) * 3, 0), 0.5, 1.2))
from ou o, cimetiere.allee a, generate_series(1, 12) n;

insert into cimetiere.personne (collectivite, insee, nom, nom_usage, prenoms, adresse, ville, telephone, courriel, observation)
select collectivite, insee, 'Zq910x', 'Zq911x', 'Zq912x', 'Zq913x', 'Zq914x', 'Zq915x', 'Zq916x', 'Zq917x' from ou;
insert into cimetiere.entreprise (collectivite, insee, nom, adresse)
select collectivite, insee, 'Zq918x', 'Zq919x' from ou;
insert into cimetiere.contrat (collectivite, insee, emplacement, titulaire, etat, acte_le, prix, observation)
select o.collectivite, o.insee, e.id, p.id, 'signe', '1950-01-01', 0, 'Zq920x'
from ou o, cimetiere.emplacement e, cimetiere.personne p where e.numero = '7';
insert into cimetiere.ayant_droit (collectivite, insee, contrat, personne, lien, source, observation)
select o.collectivite, o.insee, c.id, p.id, 'Zq921x', 'Zq922x', 'Zq923x' from ou o, cimetiere.contrat c, cimetiere.personne p;
insert into cimetiere.procedure (collectivite, insee, numero, genre, emplacement, contrat, ouverte_le, observation)
select o.collectivite, o.insee, 'R2026-001', 'abandon', c.emplacement, c.id, '2026-01-10', 'Zq924x' from ou o, cimetiere.contrat c;
insert into cimetiere.etape_procedure (collectivite, insee, procedure, etape, le, reference, constat)
select o.collectivite, o.insee, p.id, 'pv_1', '2026-02-20', 'Zq925x', 'Zq926x' from ou o, cimetiere.procedure p;
insert into cimetiere.declaration (collectivite, insee, numero, cimetiere, emplacement, sepulture, nom, prenoms, adresse, code_postal, ville, lien, message)
select o.collectivite, o.insee, 'A1', e.cimetiere, e.id, 'Zq930x', 'Zq931x', 'Zq932x', 'Zq933x', 'Zq934x', 'Zq935x', 'Zq936x', 'Zq937x'
from ou o, cimetiere.emplacement e where e.numero = '7';
insert into cimetiere.travaux (collectivite, insee, emplacement, demandeur, nature, description)
select o.collectivite, o.insee, e.id, p.id, 'pose', 'Zq940x' from ou o, cimetiere.emplacement e, cimetiere.personne p where e.numero = '7';

create function pg_temp.inscrire(qui text, le date, annee integer, oppose boolean, archive boolean, repose boolean) returns void
    language plpgsql as $$
declare
    ici record;
    cle uuid;
begin
    select o.collectivite, o.insee into ici from ou o;
    insert into cimetiere.defunt (collectivite, insee, nom, prenoms, deces_le, deces_annee, opposition, lieu_deces, observation, archivee_le)
        values (ici.collectivite, ici.insee, qui, 'Fictif', le, annee, oppose, 'Zq950x', 'Zq951x', case when archive then now() end)
        returning id into cle;
    if repose then
        insert into cimetiere.sejour (collectivite, insee, defunt, emplacement, du, niveau)
            select ici.collectivite, ici.insee, cle, e.id, le + 3, 'Zq952x' from cimetiere.emplacement e where e.numero = '3';
    end if;
    insert into cimetiere.operation (collectivite, insee, genre, emplacement, defunt, demandeur, observation)
        select ici.collectivite, ici.insee, 'inhumation', e.id, cle, p.id, 'Zq953x'
        from cimetiere.emplacement e, cimetiere.personne p where e.numero = '3';
end $$;
