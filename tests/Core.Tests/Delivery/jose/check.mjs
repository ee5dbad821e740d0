// Reads {token, jwks, issuer, audience, now, privateKey, header} and answers what another implementation
// makes of it: the claims it verified, the thumbprint it computes, and the same claims signed by itself.
import { calculateJwkThumbprint, createLocalJWKSet, importPKCS8, jwtVerify, SignJWT } from 'jose'

const chunks = []
for await (const chunk of process.stdin) chunks.push(chunk)
const input = JSON.parse(Buffer.concat(chunks).toString('utf8'))

const { payload, protectedHeader } = await jwtVerify(input.token, createLocalJWKSet(input.jwks), {
  algorithms: ['ES256'],
  typ: 'entry+jwt',
  issuer: input.issuer,
  audience: input.audience,
  currentDate: new Date(input.now),
})
const thumbprint = await calculateJwkThumbprint(input.jwks.keys[0], 'sha256')
const key = await importPKCS8(input.privateKey, 'ES256')
const signed = await new SignJWT(payload).setProtectedHeader(protectedHeader).sign(key)
process.stdout.write(JSON.stringify({ payload, protectedHeader, thumbprint, signed }))
