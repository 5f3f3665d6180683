/** What `init` takes where nobody says otherwise. */
import { basename } from 'node:path'
import type { FoundTemplate, RepositoryLook, TemplateParameter } from './repository-look.ts'

/** A name for the fleet, after the repository. */
export function suggestedName({ remote, folder }: RepositoryLook): string {
  const from = remote?.path.split('/').at(-1) ?? basename(folder)
  const name = from
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+|-+$/g, '')
  return name.slice(0, 20).replace(/-+$/, '') || 'fleet'
}

/** The templates that may be what is deployed, the likeliest first: as the build leaves them. */
export function suggestedTemplates({ templates, cdk }: RepositoryLook): string[] {
  const made = cdk ? cdk.stacks.map((stack) => `cdk.out/${stack}.template.json`) : []
  const usual = ({ path }: FoundTemplate) =>
    /^(template|cloudformation|infra)\b/.test(basename(path)) ? 0 : 1
  return [...made, ...[...templates].sort((one, other) => usual(one) - usual(other)).map(({ path }) => path)]
}

/** A stack's name, after the template's own file where that says more than that it is one. */
export function suggestedStack(template: string, fleet: string): string {
  const name = basename(template).replace(/(\.template)?\.(ya?ml|json|template)$/, '')
  return /^(template|cloudformation|packaged|infra)$/i.test(name)
    ? fleet
    : name.replace(/[^A-Za-z0-9-]+/g, '-')
}

/** What parameters mostly stand for, by their names. */
const MEANT: readonly [RegExp, string][] = [
  [/^(env(ironment)?(name)?|stage(name)?)$/i, '${environment}'],
  [/^(code|artifact|source|lambda|s3)*bucket(name)?$/i, '${artifact.bucket}'],
  [/^(code|artifact|source|lambda|s3)*(object)?key$/i, '${artifact.key}'],
]

/** A value for a parameter that has no default; undefined where its name does not tell. */
export const suggestedValue = ({ name }: TemplateParameter): string | undefined =>
  MEANT.find(([pattern]) => pattern.test(name))?.[1]
