select not exists (select from journal.acces where rang is not null)
    and not exists (select from journal.acte where rang is not null)
    and not exists (select from journal.repere)
