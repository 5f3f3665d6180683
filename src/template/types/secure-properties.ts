/** AWS: the only properties that take a secure string of Parameter Store (`dynamic-references-ssm-secure-strings.html`). */
export const secureProperties: Readonly<Record<string, readonly string[]>> = {
  'AWS::DirectoryService::MicrosoftAD': ['Password'],
  'AWS::DirectoryService::SimpleAD': ['Password'],
  'AWS::ElastiCache::ReplicationGroup': ['AuthToken'],
  'AWS::IAM::User': ['LoginProfile'],
  'AWS::KinesisFirehose::DeliveryStream': ['RedshiftDestinationConfiguration'],
  'AWS::OpsWorks::App': ['Source'],
  'AWS::OpsWorks::Stack': ['CustomCookbooksSource', 'RdsDbInstances'],
  'AWS::RDS::DBCluster': ['MasterUserPassword'],
  'AWS::RDS::DBInstance': ['MasterUserPassword'],
  'AWS::Redshift::Cluster': ['MasterUserPassword'],
}
