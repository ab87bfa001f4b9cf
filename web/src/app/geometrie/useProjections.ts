import { useEffect, useState } from 'react';

export type Projections = Pick<typeof import('../../coordinates/projections'), 'projeter' | 'deprojeter'>;

/** proj4, loaded once a projected system is chosen. */
export function useProjections(voulues: boolean): Projections | null {
  const [projections, setProjections] = useState<Projections | null>(null);
  useEffect(() => {
    if (!voulues) return;
    let parti = false;
    void import('../../coordinates/projections').then((chargees) => {
      if (!parti) setProjections({ projeter: chargees.projeter, deprojeter: chargees.deprojeter });
    });
    return () => {
      parti = true;
    };
  }, [voulues]);
  return projections;
}
