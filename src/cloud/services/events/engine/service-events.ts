/** What AWS services tell: it comes on the default bus of its account and region. */
import type { Cloud } from '../../../kernel/cloud.ts'
import type { ContextFactory } from '../../../kernel/context.ts'
import { serviceIdentity, servicePrincipal } from '../../../kernel/identity.ts'
import { setSchedule } from '../schedule/set-schedule.ts'
import { eventTime, rules } from '../state.ts'
import { dispatch } from './dispatch.ts'
import { busRef } from './find.ts'

/** Takes events of services from now on, and sets the timers of the rules that were there before. */
export function startEvents(cloud: Cloud, context: ContextFactory): void {
  const contextIn = (account: string, region: string) =>
    context({ identity: serviceIdentity(servicePrincipal('events')), account, region })
  cloud.bus.listen(({ id, time, account, region, source, detailType, resources, detail }) => {
    const ctx = contextIn(account, region)
    dispatch(ctx, busRef(ctx), {
      version: '0',
      id,
      'detail-type': detailType,
      source,
      account,
      time: eventTime(time),
      region,
      resources,
      detail,
    })
  })
  for (const { account, region, table } of cloud.store.everywhere(rules))
    for (const rule of table.values()) setSchedule(contextIn(account, region), rule)
}
