/** ssm:DeleteParameter and DeleteParameters. */

import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { reference } from '../engine/find.ts'
import { announce } from '../engine/parameter-event.ts'
import { parameterKind } from '../kinds.ts'
import { type Parameter, parameters } from '../state.ts'

function remove(ctx: Context, parameter: Parameter): void {
  ctx.table(parameters).delete(parameter.name)
  announce(ctx, parameter, 'Delete')
}

export const DeleteParameter = operation({
  service: 'ssm',
  name: 'DeleteParameter',
  access: ({ Name }, ctx) => [parameterKind.on(ctx, 'DeleteParameter', reference(Name).name)],
  run: ({ Name }, ctx) => {
    remove(ctx, parameterKind.find(ctx, reference(Name).name))
    return {}
  },
})

export const DeleteParameters = operation({
  service: 'ssm',
  name: 'DeleteParameters',
  access: ({ Names }, ctx) =>
    Names.map((name) => parameterKind.on(ctx, 'DeleteParameters', reference(name).name)),
  run: ({ Names }, ctx) => {
    const found = Names.filter((name) => parameterKind.lookUp(ctx, reference(name).name))
    for (const name of found) remove(ctx, parameterKind.find(ctx, reference(name).name))
    return { DeletedParameters: found, InvalidParameters: Names.filter((name) => !found.includes(name)) }
  },
})
