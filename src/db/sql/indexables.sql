-- Behind a policy, only leakproof functions may use an index; these tell nothing of the rows they are given.
do $$
declare
    f regprocedure;
begin
    foreach f in array array[
        'geometry_overlaps(geometry, geometry)', 'st_intersects(geometry, geometry)', 'textlike(text, text)',
        'texticlike(text, text)', 'lower(text)', 'length(text)', 'octet_length(text)', 'replace(text, text, text)', 'translate(text, text, text)'
    ]::regprocedure[] loop
        if not (select proleakproof from pg_proc where oid = f) then
            execute format('alter function %s leakproof', f);
        end if;
    end loop;
exception when insufficient_privilege then
    raise notice 'finage: only a superuser marks functions leakproof';
end $$;
