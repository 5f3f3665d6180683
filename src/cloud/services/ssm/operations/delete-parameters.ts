/** ssm:DeleteParameter and DeleteParameters. */
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { findParameter, lookUp, onParameter, reference } from '../engine/find.ts'
import { announce } from '../engine/parameter-event.ts'
import { type Parameter, parameters } from '../state.ts'

function remove(ctx: Context, parameter: Parameter): void {
  ctx.table(parameters).delete(parameter.name)
  announce(ctx, parameter, 'Delete')
}

export const DeleteParameter = operation({
  service: 'ssm',
  name: 'DeleteParameter',
  access: ({ Name }, ctx) => [onParameter(ctx, 'DeleteParameter', reference(Name).name)],
  run: ({ Name }, ctx) => {
    remove(ctx, findParameter(ctx, reference(Name).name))
    return {}
  },
})

export const DeleteParameters = operation({
  service: 'ssm',
  name: 'DeleteParameters',
  access: ({ Names }, ctx) => Names.map((name) => onParameter(ctx, 'DeleteParameters', reference(name).name)),
  run: ({ Names }, ctx) => {
    const found = Names.filter((name) => lookUp(ctx, reference(name).name))
    for (const name of found) remove(ctx, findParameter(ctx, reference(name).name))
    return { DeletedParameters: found, InvalidParameters: Names.filter((name) => !found.includes(name)) }
  },
})
