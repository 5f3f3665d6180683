/** Actions that the embedded cloud has nothing to run with, so that it refuses their pipelines. */
import type { ActionDeclaration } from '../../../../model/index.ts'
import { findProvider, worksOf } from '../../../../pipeline/index.ts'
import type { KnownPipeline } from '../../../landscape/landscape.ts'
import type { LintRule } from '../rule.ts'

export const refusedLocally: LintRule = {
  id: 'refused-locally',
  summary:
    'An action is of a provider that the embedded cloud does not run, or asks for what it does not have; AWS does.',
  find: ({ landscape }) =>
    landscape.pipelines.flatMap(({ declaration, origin }) =>
      [...refusedIn(declaration)].map(([what, actions]) => ({
        severity: 'warning',
        message: `the embedded cloud refuses the pipeline ${declaration.name}, since it does not run ${what} of ${actions.join(', ')}; AWS does`,
        fix: 'leave it as it is for AWS; to run the pipeline locally take the action out',
        origin,
      })),
    ),
}

/** What the cloud refuses of an action: its provider, or a part of what it asks for. */
function refusedOf(action: ActionDeclaration): string | undefined {
  const provider = findProvider(action.actionTypeId)
  return provider?.refusedLocally
    ? `the provider ${action.actionTypeId.provider}`
    : provider?.refusedPart?.(action)
}

/** Gives the actions and rules by what is refused of them. */
function refusedIn({ stages }: KnownPipeline['declaration']): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>()
  for (const stage of stages)
    for (const { label, action } of worksOf(stage)) {
      const what = refusedOf(action)
      if (what) found.set(what, [...(found.get(what) ?? []), `${stage.name} › ${label}`])
    }
  return found
}
