/** AddListenerCertificates, RemoveListenerCertificates and DescribeListenerCertificates. */
import { AwsError } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { paginate } from '../../../kernel/pagination.ts'
import { LIMITS } from '../engine/limits.ts'
import { certificateArn } from '../engine/listener-security.ts'
import { badConfiguration, badMarker } from '../engine/refuse.ts'
import { describing, listenerKind } from '../kinds.ts'
import type { Listener } from '../state.ts'

function secure(ctx: Context, arn: string): Listener {
  const listener = listenerKind.find(ctx, arn)
  if (listener.protocol !== 'HTTPS')
    throw badConfiguration(`The listener '${arn}' must have the protocol HTTPS or TLS`)
  return listener
}

export const AddListenerCertificates = operation({
  service: 'elasticloadbalancing',
  name: 'AddListenerCertificates',
  access: (input, ctx) => [listenerKind.on(ctx, 'AddListenerCertificates', input.ListenerArn)],
  run: ({ ListenerArn: arn, Certificates: given }, ctx) => {
    const { certificates } = secure(ctx, arn)
    const next = [...new Set([...certificates, ...given.map(certificateArn)])]
    if (next.length - 1 > LIMITS['certificates-per-application-load-balancer'])
      throw new AwsError(
        'TooManyCertificatesException',
        'The maximum number of certificates on the load balancer is reached',
      )
    listenerKind.change(ctx, arn, { certificates: next })
    return { Certificates: next.slice(1).map((one) => ({ CertificateArn: one, IsDefault: false })) }
  },
})

export const RemoveListenerCertificates = operation({
  service: 'elasticloadbalancing',
  name: 'RemoveListenerCertificates',
  access: (input, ctx) => [listenerKind.on(ctx, 'RemoveListenerCertificates', input.ListenerArn)],
  run: ({ ListenerArn: arn, Certificates: given }, ctx) => {
    const { certificates } = secure(ctx, arn)
    const gone = given.map(certificateArn)
    if (gone.includes(certificates[0]!))
      throw new AwsError('OperationNotPermittedException', 'Default certificate cannot be removed')
    listenerKind.change(ctx, arn, { certificates: certificates.filter((one) => !gone.includes(one)) })
    return {}
  },
})

export const DescribeListenerCertificates = operation({
  service: 'elasticloadbalancing',
  name: 'DescribeListenerCertificates',
  access: describing('DescribeListenerCertificates'),
  run: ({ ListenerArn: arn, Marker: token, PageSize: limit = 400 }, ctx) => {
    const { certificates } = secure(ctx, arn)
    const all = certificates.map((CertificateArn, at) => ({ CertificateArn, IsDefault: at === 0 }))
    const page = paginate(all, { token, limit, query: arn, error: badMarker })
    return { Certificates: page.items, NextMarker: page.nextToken }
  },
})
