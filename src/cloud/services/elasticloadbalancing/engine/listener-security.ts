/** Protocols, certificates and security policies of listeners. */
import { AwsError, parseArn } from '../../../../model/index.ts'
import type { Input } from '../../../kernel/api.ts'
import type { Certificate, Listener, LoadBalancer } from '../state.ts'
import { badConfiguration, invalid, unsupported } from './refuse.ts'
import { DEFAULT_SSL_POLICY, SSL_POLICIES } from './ssl-policies.ts'

type Given = Pick<
  Input<'elasticloadbalancing', 'CreateListener'>,
  'SslPolicy' | 'AlpnPolicy' | 'Certificates'
> & { readonly Protocol: Listener['protocol'] }

const OF = { application: ['HTTP', 'HTTPS'], network: ['TCP', 'TLS', 'UDP', 'TCP_UDP', 'QUIC', 'TCP_QUIC'] }

/** Errors: ValidationError, InvalidConfigurationRequest, SSLPolicyNotFound, UnsupportedProtocol, UnsupportedParameter. */
export function checkSecurity(
  type: LoadBalancer['type'],
  { Protocol: protocol, SslPolicy: policy, AlpnPolicy: alpn, Certificates: given }: Given,
): Pick<Listener, 'protocol' | 'certificates' | 'sslPolicy' | 'alpnPolicy'> {
  if (!OF[type].includes(protocol))
    throw invalid(`Listener protocol '${protocol}' must be one of '${OF[type].join(', ')}'`)
  if (type === 'network' && protocol !== 'TCP')
    throw unsupported(`listeners of the protocol ${protocol}`, 'Use TCP, or an Application Load Balancer.')
  if (alpn?.length) throw badConfiguration('ALPN policies can only be specified for TLS listeners')
  if (protocol !== 'HTTPS') {
    if (given?.length || policy)
      throw badConfiguration(`Certificates and SSL policies cannot be specified for the protocol ${protocol}`)
    return { protocol, certificates: [] }
  }
  if (!given?.length) throw invalid('A certificate must be specified for HTTPS listeners')
  if (given.length > 1)
    throw new AwsError('TooManyCertificatesException', 'Up to one certificate can be specified')
  if (policy !== undefined && !Object.hasOwn(SSL_POLICIES, policy))
    throw new AwsError('SSLPolicyNotFoundException', `SSL policy '${policy}' not found`)
  return {
    protocol,
    certificates: given.map(certificateArn),
    sslPolicy: policy ?? DEFAULT_SSL_POLICY,
  }
}

/** Errors: CertificateNotFound for what is no ARN of a certificate of ACM or of IAM. */
export function certificateArn({ CertificateArn: arn = '' }: Certificate): string {
  const { service, resource = '' } = parseArn(arn) ?? {}
  const fits =
    (service === 'acm' && resource.startsWith('certificate/')) ||
    (service === 'iam' && resource.startsWith('server-certificate/'))
  if (!fits) throw new AwsError('CertificateNotFoundException', `Certificate '${arn}' not found`)
  return arn
}
