select e.id, e.procedure, e.etape, e.le from cimetiere.etape_procedure e where e.id = any ($1)
