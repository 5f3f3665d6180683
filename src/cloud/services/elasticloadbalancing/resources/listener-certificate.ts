/** AWS::ElasticLoadBalancingV2::ListenerCertificate: certificates of a listener besides its own. */
import { type Properties, resourceType } from '../../../kernel/resource-type.ts'
import { unlessAbsent } from '../../../kernel/unless-absent.ts'

const certificates = ({ Certificates = [] }: Properties): { CertificateArn: string }[] => Certificates

const outcome = (id: string) => ({ physicalId: id, attributes: { Id: id } })

export const listenerCertificate = resourceType({
  type: 'AWS::ElasticLoadBalancingV2::ListenerCertificate',
  create: async (properties, rc) => {
    const id = `${rc.stackName}-${rc.logicalId}-${rc.ids.upper(12)}`
    const { ListenerArn } = properties
    await rc.call('elasticloadbalancing', 'AddListenerCertificates', {
      ListenerArn,
      Certificates: certificates(properties),
    })
    return outcome(id)
  },
  update: async (id, properties, previous, rc) => {
    const { ListenerArn } = properties
    const kept = certificates(properties).map(({ CertificateArn }) => CertificateArn)
    const gone = certificates(previous).filter(({ CertificateArn }) => !kept.includes(CertificateArn))
    await rc.call('elasticloadbalancing', 'AddListenerCertificates', {
      ListenerArn,
      Certificates: certificates(properties),
    })
    if (gone.length)
      await rc.call('elasticloadbalancing', 'RemoveListenerCertificates', { ListenerArn, Certificates: gone })
    return outcome(id)
  },
  delete: async (_id, properties, rc) => {
    const removed = rc.call('elasticloadbalancing', 'RemoveListenerCertificates', {
      ListenerArn: properties.ListenerArn,
      Certificates: certificates(properties),
    })
    await unlessAbsent(removed, 'ListenerNotFoundException')
  },
})
