/** Text of the fleet file with `${…}` in it: which names may stand where, and what they become. */

import * as z from 'zod/mini'
import { entryOf, nearest } from '../model/index.ts'

/** What `${…}` stands for at one place in a pipeline. */
export interface TextScope {
  readonly fleet: string
  readonly pipeline: string
  /** Empty for a source without branches. */
  readonly branch: string
  readonly environment?: string
  readonly account?: string
  readonly region?: string
}

export const PIPELINE_NAMES = ['fleet', 'pipeline', 'branch'] as const
export const STAGE_NAMES = [...PIPELINE_NAMES, 'environment', 'account', 'region'] as const

const REFERENCE = /\$\{([^{}]*)\}/g

/** Replaces every known `${name}`; the schema has refused the others, save in commands, where the shell reads them. */
export function expandText(text: string, scope: TextScope): string {
  if (!text.includes('${')) return text
  return text.replace(
    REFERENCE,
    (whole, name: string) => entryOf(scope as unknown as Record<string, string | undefined>, name) ?? whole,
  )
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

const refuseUnknown = (names: readonly string[]) => (text: string, context: z.core.$RefinementCtx) => {
  for (const [whole, name = ''] of text.matchAll(REFERENCE)) {
    if (names.includes(name)) continue
    const meant = nearest(name, names)
    context.addIssue({
      code: 'custom',
      message: `${whole} does not stand for anything here`,
      params: {
        fix: meant ? `write \${${meant}}` : `use one of ${names.map((known) => `\${${known}}`).join(', ')}`,
      },
    })
  }
}
