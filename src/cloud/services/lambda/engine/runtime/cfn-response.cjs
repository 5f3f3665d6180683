/** The module that CloudFormation puts beside inline Node code: tells it how a custom resource went. */
const http = require('node:http')
const https = require('node:https')

exports.SUCCESS = 'SUCCESS'
exports.FAILED = 'FAILED'

exports.send = (event, context, status, data, physicalId, noEcho) => {
  const body = JSON.stringify({
    Status: status,
    Reason: `See the details in CloudWatch Log Stream: ${context.logStreamName}`,
    PhysicalResourceId: physicalId || context.logStreamName,
    StackId: event.StackId,
    RequestId: event.RequestId,
    LogicalResourceId: event.LogicalResourceId,
    NoEcho: noEcho || false,
    Data: data,
  })
  const url = new URL(event.ResponseURL)
  const { request } = url.protocol === 'https:' ? https : http
  const headers = { 'content-type': '', 'content-length': Buffer.byteLength(body) }
  return new Promise((resolve) => {
    const finish = () => {
      context.done()
      resolve()
    }
    const sending = request(url, { method: 'PUT', headers }, (response) => {
      response.resume()
      response.on('end', finish)
    })
    sending.on('error', (error) => {
      console.log(`cfn-response could not answer: ${error.message}`)
      finish()
    })
    sending.end(body)
  })
}
