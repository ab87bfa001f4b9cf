select distinct p.emplacement from cimetiere.procedure p where p.id = any ($1)
