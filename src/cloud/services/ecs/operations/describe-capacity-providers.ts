/** DescribeCapacityProviders: those of Fargate, which every account has. */
import { type Arn, formatArn } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { paginate } from '../../../kernel/pagination.ts'
import { FARGATE } from '../engine/launch.ts'
import { clusterKind, shortName } from '../kinds.ts'
import { badToken } from './tags.ts'

const providerArn = ({ region, account }: Context, named: string): Arn =>
  formatArn('ecs', region, account, `capacity-provider/${shortName(named)}`)

/** AWS: what is not there is a failure beside the rest. */
export const DescribeCapacityProviders = operation({
  service: 'ecs',
  name: 'DescribeCapacityProviders',
  access: ({ capacityProviders: named = [] }, ctx) =>
    (named.length ? named : ['*']).map((one) => ({
      action: 'ecs:DescribeCapacityProviders',
      resource: providerArn(ctx, one),
    })),
  run: ({ capacityProviders: named = [], cluster, maxResults = 10, nextToken: token }, ctx) => {
    const own = cluster === undefined ? FARGATE : clusterKind.find(ctx, cluster).capacityProviders
    const wanted = named.length ? named.map(shortName) : own
    const page = paginate(
      wanted.filter((one) => own.includes(one)),
      { token, limit: maxResults, query: [named, cluster], error: badToken },
    )
    return {
      capacityProviders: page.items.map((name) => ({
        capacityProviderArn: providerArn(ctx, name),
        name,
        status: 'ACTIVE' as const,
        type: name as 'FARGATE' | 'FARGATE_SPOT',
        tags: [],
      })),
      failures: wanted
        .filter((one) => !own.includes(one))
        .map((one) => ({ arn: providerArn(ctx, one), reason: 'MISSING' })),
      nextToken: page.nextToken,
    }
  },
})
