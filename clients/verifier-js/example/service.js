import express from 'express';
import { createVerifier } from 'roster-verifier';

const { ROSTER_URL: url, ROSTER_ISSUER: issuer, ROSTER_AUDIENCE: audience, ROSTER_KEY: apiKey } = process.env;
const verifier = await createVerifier({ url, issuer, audience, apiKey });

async function guard(request, response, next) {
  try {
    request.claims = await verifier.verify(request.get('Authorization')?.match(/^Bearer (\S+)$/i)?.[1]);
  } catch ({ status = 500, headers = {} }) {
    return response.status(status).set(headers).end();
  }
  next();
}

const app = express();
app.get('/orders', guard, (request, response) => response.json({ orders: [], of: request.claims.sub }));
const server = app.listen(process.env.PORT ?? 3000, () => console.log(`Listening on ${server.address().port}`));
