/** Services as operations ask for them. */
import { AwsError } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { type InCluster, serviceKind } from '../kinds.ts'
import type { Service } from '../state.ts'

/** Errors: ServiceNotFoundException, ServiceNotActiveException. */
export function activeService(ctx: Context, named: InCluster): Service {
  const found = serviceKind.find(ctx, named)
  if (found.status === 'ACTIVE') return found
  throw new AwsError('ServiceNotActiveException', 'Service was not ACTIVE.')
}
