/** DescribeAccountLimits and DescribeSSLPolicies: what AWS gives every account. */
import { AwsError } from '../../../../model/index.ts'
import { operation } from '../../../kernel/operation.ts'
import { LIMITS } from '../engine/limits.ts'
import { SSL_POLICIES } from '../engine/ssl-policies.ts'
import { describing } from '../kinds.ts'

export const DescribeAccountLimits = operation({
  service: 'elasticloadbalancing',
  name: 'DescribeAccountLimits',
  access: describing('DescribeAccountLimits'),
  run: () => ({ Limits: Object.entries(LIMITS).map(([Name, max]) => ({ Name, Max: String(max) })) }),
})

/** Ciphers are those of the machine's TLS, so none are told. */
export const DescribeSSLPolicies = operation({
  service: 'elasticloadbalancing',
  name: 'DescribeSSLPolicies',
  access: describing('DescribeSSLPolicies'),
  run: ({ Names: names }) => {
    const missing = names?.find((name) => !Object.hasOwn(SSL_POLICIES, name))
    if (missing !== undefined)
      throw new AwsError('SSLPolicyNotFoundException', `SSL policy '${missing}' not found`)
    const wanted = names?.length ? names : Object.keys(SSL_POLICIES)
    return {
      SslPolicies: wanted.map((Name) => ({
        Name,
        SslProtocols: [...SSL_POLICIES[Name]!],
        SupportedLoadBalancerTypes: ['application', 'network'],
      })),
    }
  },
})
