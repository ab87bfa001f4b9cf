-- param id: uuid
-- result texte: text
-- result reserve: text
select s.texte, s.reserve from {{suite}} s where s.dossier = :id order by s.id
