#!/bin/sh
# Calls S3 as an SDK does it: with the credentials of the task, fetched where its variables say, and a signature of version 4.
# usage: s3.sh METHOD /BUCKET/KEY [BODY]; prints the body of the answer.
set -e
method=$1 path=$2 body=$3
given=$(wget -qO- "http://169.254.170.2$AWS_CONTAINER_CREDENTIALS_RELATIVE_URI")
member() { echo "$given" | sed -n "s/.*\"$1\": *\"\([^\"]*\)\".*/\1/p"; }
hex() { od -An -v -tx1 | tr -d ' \n'; }
hash() { sha256sum | cut -c1-64; }
bytes() { printf "$(echo "$1" | sed 's/../\\x&/g')"; }
padded() {
  awk -v key="$1" -v pad="$2" '
    function digit(at) { return index("0123456789abcdef", substr(key, at, 1)) - 1 }
    BEGIN {
      for (at = 1; at < 128; at += 2)
        printf "%02x", xor(at < length(key) ? digit(at) * 16 + digit(at + 1) : 0, pad)
    }'
}
# HMAC of a text under a key in hexadecimal digits.
hmac() {
  inner=$({ bytes "$(padded "$1" 54)"; printf %s "$2"; } | hash)
  { bytes "$(padded "$1" 92)"; bytes "$inner"; } | hash
}

host=${AWS_ENDPOINT_URL#http://}
host=${host%/}
time=$(date -u +%Y%m%dT%H%M%SZ)
day=${time%T*}
scope=$day/$AWS_REGION/s3/aws4_request
content=$(printf %s "$body" | hash)
token=$(member Token)
names='host;x-amz-content-sha256;x-amz-date;x-amz-security-token'
headers="host:$host
x-amz-content-sha256:$content
x-amz-date:$time
x-amz-security-token:$token"
request="$method
$path

$headers

$names
$content"
key=$(printf %s "AWS4$(member SecretAccessKey)" | hex)
for part in "$day" "$AWS_REGION" s3 aws4_request; do key=$(hmac "$key" "$part"); done
signature=$(hmac "$key" "AWS4-HMAC-SHA256
$time
$scope
$(printf %s "$request" | hash)")
{
  echo "$method $path HTTP/1.1"
  echo "$headers"
  echo "authorization: AWS4-HMAC-SHA256 Credential=$(member AccessKeyId)/$scope, SignedHeaders=$names, Signature=$signature"
  echo "content-length: ${#body}"
  echo 'connection: close'
  echo
} | sed 's/$/\r/' >/tmp/request
printf %s "$body" >>/tmp/request
nc "${host%:*}" "${host##*:}" </tmp/request | sed '1,/^\r$/d'
