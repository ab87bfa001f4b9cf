select p.id as id, p.emplacement as emplacement from cimetiere.procedure p where p.id = any ($1)
