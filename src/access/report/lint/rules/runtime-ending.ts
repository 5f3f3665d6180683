/** Functions of runtimes of which AWS has announced to make no more. */
import { announcedEnd, RUNTIMES_OF } from '../../../../template/index.ts'
import type { LintRule } from '../rule.ts'

export const runtimeEnding: LintRule = {
  id: 'runtime-ending',
  summary: 'A function has a runtime of which AWS has announced to make no more functions.',
  find: ({ landscape }) =>
    landscape.templates.flatMap(({ stack, target, file, template, placeOf }) =>
      Object.entries(template.Resources).flatMap(([logicalId, { Type, Properties }]) => {
        const runtime = Type === 'AWS::Lambda::Function' ? Properties?.Runtime : undefined
        const end = typeof runtime === 'string' ? announcedEnd(runtime) : undefined
        if (end === undefined) return []
        const place = placeOf?.(['Resources', logicalId, 'Properties', 'Runtime'])
        return {
          severity: 'warning' as const,
          message: `AWS has announced that from ${end} on no function can be made of the runtime ${runtime} (its page of ${RUNTIMES_OF}; AWS moves such dates)`,
          fix: 'name a runtime that AWS supports for longer',
          origin: { ...target, stack, logicalId, ...(file && { file }), ...place },
        }
      }),
    ),
}
