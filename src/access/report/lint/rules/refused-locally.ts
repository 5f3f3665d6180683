/** Actions that the embedded cloud has nothing to run with, so that it refuses their pipelines. */
import { findProvider, worksOf } from '../../../../pipeline/index.ts'
import type { KnownPipeline } from '../../../landscape/landscape.ts'
import type { LintRule } from '../rule.ts'

export const refusedLocally: LintRule = {
  id: 'refused-locally',
  summary: 'An action is of a provider that the embedded cloud does not run; AWS does.',
  find: ({ landscape }) =>
    landscape.pipelines.flatMap(({ declaration, origin }) =>
      [...refusedIn(declaration)].map(([provider, actions]) => ({
        severity: 'warning',
        message: `the embedded cloud refuses the pipeline ${declaration.name}, since it does not run the provider ${provider} of ${actions.join(', ')}; AWS does`,
        fix: 'leave it as it is for AWS; to run the pipeline locally take the action out',
        origin,
      })),
    ),
}

/** Gives the actions and rules by their providers. */
function refusedIn({ stages }: KnownPipeline['declaration']): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>()
  for (const stage of stages)
    for (const { label, action } of worksOf(stage)) {
      if (!findProvider(action.actionTypeId)?.refusedLocally) continue
      const { provider } = action.actionTypeId
      found.set(provider, [...(found.get(provider) ?? []), `${stage.name} › ${label}`])
    }
  return found
}
