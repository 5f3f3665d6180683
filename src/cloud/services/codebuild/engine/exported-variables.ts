/** The variables that a build hands to the pipeline. */

import { entryOf } from '../../../../model/index.ts'
import type { StoredBuild } from '../state.ts'
import type { Buildspec } from './buildspec.ts'

/** The variables to export, and those that the buildspec names but that cannot be. */
export interface ExportedVariables {
  readonly exported: { name: string; value: string }[]
  readonly refused: string[]
}

/** AWS: values of Parameter Store and Secrets Manager, and variables named AWS_…, cannot be exported. */
export function exportVariables(
  buildspec: Buildspec,
  build: StoredBuild,
  environment: Readonly<Record<string, string>>,
): ExportedVariables {
  const project = build.environment?.environmentVariables ?? []
  const plain = project.filter((one) => one.type === 'PLAINTEXT').map((one) => one.name)
  const secret = new Set<string | undefined>([
    ...Object.keys(buildspec.parameterStore),
    ...Object.keys(buildspec.secretsManager),
  ])
  // The project's and StartBuild's variables win over the buildspec's.
  for (const name of plain) secret.delete(name)
  for (const one of project) if (one.type !== 'PLAINTEXT') secret.add(one.name)
  const barred = (name: string) => name.startsWith('AWS_') || secret.has(name)
  return {
    exported: buildspec.exportedVariables
      .filter((name) => !barred(name))
      .map((name) => ({ name, value: entryOf(environment, name) ?? '' })),
    refused: buildspec.exportedVariables.filter(barred),
  }
}
