/** AWS: security policies of HTTPS listeners, with the protocols that each takes (Security policies, TLS). */
const TLS13 = 'TLSv1.3'
const TLS12 = 'TLSv1.2'
const OLD = ['TLSv1', 'TLSv1.1', TLS12]

export const DEFAULT_SSL_POLICY = 'ELBSecurityPolicy-2016-08'

export const SSL_POLICIES: Readonly<Record<string, readonly string[]>> = {
  [DEFAULT_SSL_POLICY]: OLD,
  'ELBSecurityPolicy-TLS13-1-2-2021-06': [TLS12, TLS13],
  'ELBSecurityPolicy-TLS13-1-2-Res-2021-06': [TLS12, TLS13],
  'ELBSecurityPolicy-TLS13-1-2-Ext1-2021-06': [TLS12, TLS13],
  'ELBSecurityPolicy-TLS13-1-2-Ext2-2021-06': [TLS12, TLS13],
  'ELBSecurityPolicy-TLS13-1-1-2021-06': ['TLSv1.1', TLS12, TLS13],
  'ELBSecurityPolicy-TLS13-1-0-2021-06': [...OLD, TLS13],
  'ELBSecurityPolicy-TLS13-1-3-2021-06': [TLS13],
  'ELBSecurityPolicy-TLS-1-2-2017-01': [TLS12],
  'ELBSecurityPolicy-TLS-1-2-Ext-2018-06': [TLS12],
  'ELBSecurityPolicy-TLS-1-1-2017-01': ['TLSv1.1', TLS12],
  'ELBSecurityPolicy-FS-2018-06': OLD,
  'ELBSecurityPolicy-FS-1-1-2019-08': ['TLSv1.1', TLS12],
  'ELBSecurityPolicy-FS-1-2-2019-08': [TLS12],
  'ELBSecurityPolicy-FS-1-2-Res-2019-08': [TLS12],
  'ELBSecurityPolicy-FS-1-2-Res-2020-10': [TLS12],
  'ELBSecurityPolicy-2015-05': OLD,
}
