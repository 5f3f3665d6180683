/** Text of the fleet file with `${…}` in it: which names may stand where, and what they become. */

import * as z from 'zod/mini'
import { entryOf, nearest } from '../model/index.ts'

/** What `${…}` stands for at one place in a pipeline. */
export interface TextScope {
  readonly fleet: string
  readonly pipeline: string
  /** Empty for a source without branches. */
  readonly branch: string
  /** The branch as names take it. */
  readonly branchSlug: string
  /** Whether the pipeline is one of several of its key in the file, each for a branch. */
  readonly ofBranch?: boolean
  readonly environment?: string
  readonly account?: string
  readonly accountName?: string
  readonly region?: string
  /** What `${values.NAME}` stands for. */
  readonly values?: Readonly<Record<string, string>>
  /** Gives what `${outputs.…}` stands for. */
  readonly outputs?: (name: string) => string | undefined
}

export const PIPELINE_NAMES = ['fleet', 'pipeline', 'branch', 'branchSlug'] as const
/** At one place of a stage: an account in a region. */
export const PLACE_NAMES = [...PIPELINE_NAMES, 'environment', 'account', 'accountName', 'region'] as const
export const STAGE_NAMES = [...PLACE_NAMES, 'values.NAME'] as const
/** Where outputs of stacks that were deployed before may stand as well. */
export const OUTPUT_NAMES = [...STAGE_NAMES, 'outputs.DEPLOY.OUTPUT'] as const

/** `outputs.[STAGE/]DEPLOY[@REGION].OUTPUT` */
export const OUTPUT_NAME =
  /^outputs\.(?:([A-Za-z0-9.@_-]+)\/)?([A-Za-z][\w-]*)(?:@([a-z0-9-]+))?\.([A-Za-z0-9]+)$/

/** `${values.NAME}`, where the names of a stage stand. */
export const VALUE_REFERENCE = /\$\{values\.([^{}]*)\}/g
const VALUE_NAME = /^values\.[A-Za-z][A-Za-z0-9_]*$/

const REFERENCE = /\$\{([^{}]*)\}/g

/** Characters of the longest branch in a name. */
const LONGEST_SLUG = 30

/** Gives a branch as names take it: small letters and digits, with a hyphen for whatever stands between them; a long one ends in a hash. */
export function branchSlug(branch: string): string {
  const slug = branch
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
  if (slug.length <= LONGEST_SLUG) return slug
  const { createHash } = process.getBuiltinModule('node:crypto')
  return `${slug.slice(0, LONGEST_SLUG - 9)}-${createHash('sha256').update(branch).digest('hex').slice(0, 8)}`
}

/** Replaces every known `${name}`; the schema has refused the others, save in commands, where the shell reads them. */
export function expandText(text: string, scope: Partial<TextScope>): string {
  if (!text.includes('${')) return text
  return text.replace(REFERENCE, (whole, name: string) => {
    const [beginning, value] = name.split('.', 2)
    if (beginning === 'outputs') return scope.outputs?.(name) ?? whole
    if (beginning === 'values' && value !== undefined) return entryOf(scope.values ?? {}, value) ?? whole
    const known = entryOf(scope as unknown as Record<string, unknown>, name)
    return typeof known === 'string' ? known : whole
  })
}

/** Expands every value of a map. */
export function expandValues(
  values: Readonly<Record<string, string>>,
  scope: TextScope,
): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, expandText(value, scope)]))
}

/** A schema for text in which only `names` may stand between `${` and `}`. */
export function textWith(names: readonly string[]) {
  return z.string().check(z.minLength(1, 'must not be empty'), z.superRefine(refuseUnknown(names)))
}

/** A schema for a value that becomes text: numbers and booleans are taken as they are written. */
export function valueWith(names: readonly string[], whole?: (text: string) => boolean) {
  return z.pipe(z.union([z.string(), z.number(), z.boolean()]), z.transform(String)).check(
    z.superRefine((text, context) => {
      if (!whole?.(text)) refuseUnknown(names)(text, context)
    }),
  )
}

/** Names that stand for many, with the form of each. */
const OPEN_NAMES = [
  ['values.NAME', VALUE_NAME],
  ['outputs.DEPLOY.OUTPUT', OUTPUT_NAME],
] as const

const refuseUnknown = (names: readonly string[]) => (text: string, context: z.core.$RefinementCtx) => {
  for (const [whole, name = ''] of text.matchAll(REFERENCE)) {
    if (names.includes(name) || OPEN_NAMES.some(([open, form]) => names.includes(open) && form.test(name)))
      continue
    const meant = nearest(name, names)
    const known = names.map((one) => `\${${one}}`).join(', ')
    context.addIssue({
      code: 'custom',
      message: `${whole} does not stand for anything here`,
      params: {
        fix: meant ? `write \${${meant}}` : known ? `use one of ${known}` : 'write text without ${…}',
      },
    })
  }
}
