/** One connection at a listener of a Network Load Balancer: handed through to a target, byte by byte. */
import { connect, type Socket } from 'node:net'
import type { Context } from '../../../kernel/context.ts'
import { privateNetwork } from '../../../kernel/private-network.ts'
import { defaultRule } from '../engine/views.ts'
import { listeners, targetGroups } from '../state.ts'
import { chooseGroup, chooseTarget, underWay } from './choose.ts'

/** AWS: without a target, and where it does not take the connection, the client's is reset. What only simulates has no bytes. */
export function serveConnection(ctx: Context, listenerArn: string, socket: Socket): void {
  socket.on('error', () => socket.destroy())
  const listener = ctx.table(listeners).get(listenerArn)
  if (!listener) return void socket.destroy()
  const rule = defaultRule(ctx, listener)
  const arn = chooseGroup(ctx, rule.arn, rule.actions.at(-1)!)
  const group = arn === undefined ? undefined : ctx.table(targetGroups).get(arn)
  const target = group && chooseTarget(ctx, group)
  const { account, region } = ctx
  const endpoint =
    target && ctx.cloud.part(privateNetwork).find({ account, region, ip: target.id, port: target.port ?? 0 })
  if (endpoint?.kind !== 'port') return void socket.resetAndDestroy()
  const ended = underWay(ctx, target!)
  const onward = connect(endpoint.port, '127.0.0.1')
  onward.on('error', () => socket.resetAndDestroy())
  onward.once('close', () => socket.destroy())
  socket.once('close', () => {
    ended()
    onward.destroy()
  })
  socket.pipe(onward)
  onward.pipe(socket)
}
