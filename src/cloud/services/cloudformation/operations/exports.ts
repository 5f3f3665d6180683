/** ListExports and ListImports. */
import { operation } from '../../../kernel/operation.ts'
import { paginate } from '../../../kernel/pagination.ts'
import { allExports, importersOf } from '../engine/exports.ts'
import { generalAccess } from '../engine/general-access.ts'
import { validationError } from '../engine/validation-error.ts'

const PAGE = 100

export const ListExports = operation({
  service: 'cloudformation',
  name: 'ListExports',
  access: () => [generalAccess('ListExports')],
  run: (input, ctx) => {
    const page = paginate(allExports(ctx), { token: input.NextToken, limit: PAGE, query: 'ListExports' })
    return {
      Exports: page.items.map((one) => ({ ExportingStackId: one.stackId, Name: one.name, Value: one.value })),
      NextToken: page.nextToken,
    }
  },
})

/** AWS: an export that nobody imports is an error. */
export const ListImports = operation({
  service: 'cloudformation',
  name: 'ListImports',
  access: () => [generalAccess('ListImports')],
  run: (input, ctx) => {
    const { ExportName: name } = input
    const users = importersOf(ctx, name)
    if (users.length === 0) throw validationError(`Export '${name}' is not imported by any stack.`)
    const page = paginate(users, { token: input.NextToken, limit: PAGE, query: name })
    return { Imports: page.items, NextToken: page.nextToken }
  },
})
