// Opens Swagger UI on the service's own description; a file of its own, so that no inline script is needed.
SwaggerUIBundle({ url: '/api/openapi.json', dom_id: '#swagger-ui' })
