/** Regions that AWS does not have, or that are younger than what is known here. */
import { REGIONS_OF, regionDoubt } from '../../../../model/index.ts'
import type { Origin } from '../../../landscape/placed-template.ts'
import type { FindingDetails, LintRule } from '../rule.ts'

export const unknownRegion: LintRule = {
  id: 'unknown-region',
  summary: 'A pipeline or a stack names a region that AWS does not have.',
  find: ({ landscape }) => {
    const { standIns, templates } = landscape
    const pipelines = landscape.pipelines.flatMap(({ declaration, origin }) => {
      const { name, stages, artifactStores = {} } = declaration
      const stores = Object.keys(artifactStores).map((region) => [region, `an artifact store of ${name}`])
      const actions = stages.flatMap((stage) =>
        stage.actions.map((one) => [one.region, `the action ${stage.name} › ${one.name} of ${name}`]),
      )
      return [...stores, ...actions].flatMap(([region, what]) =>
        region === undefined || standIns.in(region).length ? [] : finding(region, what!, origin),
      )
    })
    const places = templates.flatMap(({ stack, target, file }) =>
      finding(target.region, `the place of the stack ${stack}`, { ...target, stack, ...(file && { file }) }),
    )
    return [...pipelines, ...places]
  },
}

function finding(region: string, what: string, origin: Origin): FindingDetails[] {
  const doubt = regionDoubt(region)
  if (!doubt) return []
  const { kind, meant } = doubt
  return [
    {
      severity: kind === 'none' ? 'error' : 'warning',
      message:
        kind === 'none'
          ? `${what} is in ${region}, which is no region of AWS`
          : `${what} is in ${region}, which is not among the regions of ${REGIONS_OF}: it may be younger`,
      fix: meant ? `write ${meant}, if that is meant` : 'write a region of AWS, us-east-1 for example',
      origin,
    },
  ]
}
