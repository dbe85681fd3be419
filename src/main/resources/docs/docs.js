'use strict';

document.documentElement.classList.toggle('dark-mode', matchMedia('(prefers-color-scheme: dark)').matches);

SwaggerUIBundle({
  // Beside the page: a proxy may serve both on a sub-path.
  url: new URL('openapi.json', document.baseURI).href,
  dom_id: '#api',
  deepLinking: true,
  tryItOutEnabled: true,
  requestSnippetsEnabled: true,
  displayRequestDuration: true,
  defaultModelsExpandDepth: 0,
  // Keep tokens in the memory of the page only.
  persistAuthorization: false,
  // Do not send the document to an external validator.
  validatorUrl: null,
});
